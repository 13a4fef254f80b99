"""Every reading cell of the matrix."""

import pytest

from tests.authz.cells import READS, Cell
from tests.authz.checks import check
from tests.authz.house import House


@pytest.mark.parametrize("cell", READS, ids=str)
def test_a_read_answers_as_the_matrix_says(house: House, cell: Cell) -> None:
    check(house, cell.row, cell.column, cell.caller)
