"""One house, and the seed with which this run can be repeated."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.doors import SEED, leave


def pytest_report_header() -> str:
    return f"hostile: WAYMARK_SEED={SEED} repeats this run"


@pytest.fixture(scope="session", autouse=True)
def leaving() -> Iterator[None]:
    yield
    leave()
