"""One house for all who only look, and one for those who write."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.authz.house import House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    built = House(tmp_path_factory.mktemp("house"))
    before = built.heads()
    yield built
    assert built.heads() == before, "a test that only looks has written"
    built.close()


@pytest.fixture(scope="module")
def house_to_change(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    built = House(tmp_path_factory.mktemp("house"))
    yield built
    built.close()
