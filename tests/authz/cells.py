"""The matrix taken apart: a cell is a row and one caller of a column."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from tests.authz.callers import COLUMNS
from tests.authz.table import Row, rows


class Cell(Struct, frozen=True):
    row: Row
    column: str
    caller: str

    def __str__(self) -> str:
        counselors = {"couns": "-of-the-school", "couns.0": "-of-nobody"}.get(self.column, "")
        return f"{self.row.name}-{self.caller}{counselors}"


CELLS: Final = tuple(Cell(row, column, caller) for row in rows() for column in row.cells for caller in COLUMNS[column])
READS: Final = tuple(each for each in CELLS if each.row.method == "GET")
WRITES: Final = tuple(each for each in CELLS if each.row.method != "GET")
