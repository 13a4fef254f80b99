from pathlib import Path

import pytest

from tests.unit.roster.district import Riverbend


@pytest.fixture
def river(tmp_path: Path) -> Riverbend:
    """A district with nothing in it."""
    return Riverbend(tmp_path)
