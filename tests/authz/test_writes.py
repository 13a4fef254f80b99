"""Every writing cell of the matrix."""

import pytest

from tests.authz.cells import WRITES, Cell
from tests.authz.checks import check
from tests.authz.house import House


@pytest.mark.parametrize("cell", WRITES, ids=str)
def test_a_write_answers_as_the_matrix_says(house_to_change: House, cell: Cell) -> None:
    check(house_to_change, cell.row, cell.column, cell.caller)
