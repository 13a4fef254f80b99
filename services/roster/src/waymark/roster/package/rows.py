"""A file row by row: cells to values, and a finding for whatever is wrong with one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from waymark.roster.package.columns import MOST, BadValue, Column, Repaired
from waymark.roster.package.findings import Finding, PackageRefused, Report, nearest
from waymark.roster.package.header import match_header
from waymark.roster.package.tables import Table

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LISTS = 100_000  # characters of a list cell


class Row(NamedTuple):
    """`values` stand in the order of the table's columns. Not `whole`: the row was refused, `values` hold what could be read
    of it (None elsewhere), and are empty when not even the cells could be told apart."""

    number: int
    values: tuple[Any, ...]
    whole: bool


def read_rows(lines: Iterable[str], table: Table, report: Report) -> Iterator[Row]:
    """Every row of a file, its header first matched. Raises PackageRefused when the file cannot be read as that table."""
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, None)
    except csv.Error as problem:
        raise _not_csv(table, 1) from problem
    if header is None or not any(cell.strip() for cell in header):
        raise PackageRefused(
            "file-empty", "The file has no header.", file=table.file, allowed=[each.name for each in table.columns if each.needed]
        )
    places = match_header(table, header, report)
    yield from _Reader(table, len(header), places, report).rows(reader)


class _Reader:
    def __init__(self, table: Table, width: int, places: Sequence[int], report: Report) -> None:
        self._table, self._width, self._report = table, width, report
        self._columns = tuple(zip(table.columns, places, strict=True))

    def rows(self, reader: Iterator[list[str]]) -> Iterator[Row]:
        number = 1
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as problem:
                if "field larger" in str(problem) or "end of data" in str(problem):
                    raise _not_csv(self._table, number) from problem
                self._tell(number, "", "row-unreadable", "The row's quotes do not pair up.", ['a quote within quotes is doubled: ""'])
                yield Row(number, (), False)
                continue
            if len(cells) != self._width:
                if not any(cells):
                    continue
                if any(cells[self._width :]) or len(cells) < self._width:
                    self._tell(number, "", "row-ragged", f"The row has {len(cells)} cells.", [f"{self._width} cells, as in the header"])
                    yield Row(number, (), False)
                    continue
            yield self._row(number, cells)

    def _row(self, number: int, cells: Sequence[str]) -> Row:
        joined = "".join(cells)
        suspect = len(joined) > MOST or (not joined.isprintable() and _CONTROL.search(joined) is not None)
        values: list[Any] = []
        whole = True
        for column, place in self._columns:
            cell = cells[place].strip() if place >= 0 else ""
            if not cell:
                values.append(column.blank)
                if column.needed:
                    whole = self._tell(number, column.name, "value-missing", "This cell may not be empty.")
                continue
            if suspect and (why := _unfit(cell, column)):
                code, message, allowed = why
                whole = self._tell(number, column.name, code, message, allowed)
                values.append(None)
                continue
            try:
                values.append(column.read(cell))
            except Repaired as repaired:
                values.append(repaired.value)
                self._tell(number, column.name, repaired.code, repaired.message, repaired.allowed, "repaired", self._quoted(cell))
            except BadValue as problem:
                values.append(column.blank if column.lenient else None)
                whole = self._bad(number, column, cell, problem) and whole
        return Row(number, tuple(values), whole)

    def _bad(self, number: int, column: Column, cell: str, problem: BadValue) -> bool:
        """Whether the row stays."""
        close = nearest(cell, problem.allowed)
        told = f" Did you mean {close}?" if close else ""
        left = " It was left out." if column.lenient else ""
        severity = "repaired" if column.lenient else "refused"
        self._tell(number, column.name, problem.code, problem.message + told + left, problem.allowed, severity, self._quoted(cell))
        return column.lenient

    def _tell(
        self,
        row: int,
        field: str,
        code: str,
        message: str,
        allowed: Sequence[str] = (),
        severity: str = "refused",
        value: str | None = None,
    ) -> bool:
        """Always False: a row of which something was refused is not whole."""
        self._report(
            Finding(
                file=self._table.file,
                row=row,
                field=field,
                code=code,
                severity="repaired" if severity == "repaired" else "refused",
                message=message,
                allowed=tuple(allowed),
                value=value,
            )
        )
        return False

    def _quoted(self, cell: str) -> str | None:
        return None if self._table.personal else cell[:60]


def _unfit(cell: str, column: Column) -> tuple[str, str, Sequence[str]] | None:
    if _CONTROL.search(cell):
        return "control-character", "The cell holds a control character, such as NUL.", ()
    most = _LISTS if column.blank == () else MOST
    if len(cell) > most:
        return "too-long", f"The cell holds {len(cell):,} characters.", [f"at most {most:,} characters"]
    return None


def _not_csv(table: Table, row: int) -> PackageRefused:
    return PackageRefused(
        "file-unreadable",
        "From here on the file is no CSV: a quote is opened and never closed, or a cell is endless.",
        file=table.file,
        row=row,
    )
