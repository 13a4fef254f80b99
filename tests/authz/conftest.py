"""The house is built once for a module: reads need it as it was, writes need one of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.authz.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    built = House(tmp_path_factory.mktemp("house"))
    yield built
    built.close()
