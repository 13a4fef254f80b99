"""The matrix as it is written in matrix.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

TABLE: Final = Path(__file__).with_name("matrix.txt")
_QUESTION: Final = re.compile(r"(one|list|count|each)(?: ([a-z]+))?(?: \(([a-z_]+)\))?")
_CELL: Final = re.compile(r"ok|403|-|[A-Z]+")


class Row(Struct, frozen=True):
    """One question about one operation, and what each column's callers get.

    `kind` is the kind of object that is asked for or listed ("" for none), `variant` tells apart several ways to ask.
    """

    method: str
    path: str
    operation: str
    question: Literal["one", "list", "count", "each"]
    kind: str
    variant: str
    cells: dict[str, str]

    @property
    def name(self) -> str:
        service = self.path.split("/")[1]
        return "-".join(each for each in (service, self.operation, self.question, self.kind, self.variant) if each)


@cache
def rows() -> tuple[Row, ...]:
    """Every row but the first."""
    return tuple(_read(TABLE.read_text().splitlines()))[1:]


@cache
def reach() -> dict[str, str]:
    """The first row: by column, the letters of those students whose names its callers may see at all."""
    return next(_read(TABLE.read_text().splitlines())).cells


def _meant(lines: list[str]) -> Iterator[str]:
    return (line for line in lines if line.strip() and not line.startswith("#"))


def _read(lines: list[str]) -> Iterator[Row]:
    header, *meant = _meant(lines)
    names = header.split()
    method = path = operation = ""
    for line in meant:
        if not line.startswith(" "):
            method, path, operation = line.split()
            continue
        asked, *cells = re.split(r" {2,}", line.strip())
        question = _QUESTION.fullmatch(asked)
        assert question, f"{asked!r} is no question"
        assert len(cells) == len(names), f"{operation}, {asked}: {len(cells)} cells for {len(names)} columns"
        assert all(_CELL.fullmatch(each) for each in cells), cells
        yield Row(method, path, operation, question[1], question[2] or "", question[3] or "", dict(zip(names, cells, strict=True)))  # type: ignore[arg-type]  the expression has the four
