"""A file's first row: which of its columns is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from waymark.roster.package.findings import Finding, PackageRefused, Report, Severity, nearest
from waymark.roster.package.tables import Table


def match_header(table: Table, header: Sequence[str], report: Report) -> tuple[int, ...]:
    """For each of the table's columns its place in the row, -1 where the file lacks it.

    Another case is repaired; unknown columns are left alone, with the name that was perhaps meant. Raises PackageRefused when a
    needed column is missing or a column that is read stands there twice.
    """
    known = {each.name.lower(): each.name for each in table.columns} | {each.lower(): each for each in table.others}
    places: dict[str, int] = {}
    unknown: dict[int, str] = {}
    read = {each.name for each in table.columns}
    for place, written in enumerate(cell.strip() for cell in header):
        name = known.get(written.lower())
        if name is None:
            unknown[place] = written
        elif name in places and name in read:
            raise PackageRefused("column-doubled", "A column stands in the header twice.", file=table.file, row=1, field=name)
        else:
            places[name] = place
            if written != name and name in read:
                report(_finding(table, name, "column-case", "repaired", f"The header writes it {_shown(written)}."))
    missing = [each for each in known.values() if each not in places]
    _report_unknown(table, unknown, missing, report)
    for column in table.columns:
        if column.name in places:
            continue
        if column.needed:
            close = nearest(column.name, unknown.values())
            told = f" The header has {_shown(close)!r}; is it meant?" if close else ""
            raise PackageRefused(
                "column-missing",
                f"The file lacks a column that is needed.{told}",
                file=table.file,
                row=1,
                field=column.name,
                allowed=[column.name],
            )
        if not column.name.startswith("metadata."):
            report(_finding(table, column.name, "column-missing", "note", "The file lacks this column; it counts as empty."))
    return tuple(places.get(each.name, -1) for each in table.columns)


def _report_unknown(table: Table, unknown: Mapping[int, str], missing: Sequence[str], report: Report) -> None:
    for place, written in unknown.items():
        if written.lower().startswith("metadata.") or not written:
            continue
        close = nearest(written, missing)
        told = f" Did you mean {close}?" if close else ""
        # Where a file about people has no header, its first row is somebody: what is like no column's name is not shown.
        shown = _shown(written) if close or not table.personal else f"column {place + 1}"
        report(_finding(table, shown, "column-unknown", "note", f"This column is not part of OneRoster; it was left alone.{told}"))


def _finding(table: Table, field: str, code: str, severity: Severity, message: str) -> Finding:
    return Finding(file=table.file, row=1, field=field, code=code, severity=severity, message=message)


def _shown(name: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in name)[:60]
