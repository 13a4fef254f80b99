from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.roster.district import Riverbend
from tests.unit.roster.office import Office


@pytest.fixture
def river(tmp_path: Path) -> Riverbend:
    """A district with nothing in it."""
    return Riverbend(tmp_path)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The roster's API over a district with nobody in it."""
    office = Office(tmp_path)
    yield office
    office.close()
