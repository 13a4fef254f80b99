"""One suite for both deployments: `--mode=standalone` (one process, SQLite) or `--mode=distributed` (Kafka, MongoDB)."""

from __future__ import annotations

import socket
import statistics
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from tests.conftest import KAFKA, MONGODB, engines
from tests.e2e.house import BOOTSTRAP, Client, House, await_folded, distributed, standalone
from tests.e2e.people import People
from waymark.tools.district import DistrictPlan, generate

PLAN = DistrictPlan(seed=11, schools=2, students=240)
WAITS: list[float] = []


@pytest.fixture(scope="session")
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--mode"))


@pytest.fixture(scope="session")
def house(mode: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The running platform, empty."""
    folder = tmp_path_factory.mktemp(mode)
    if mode == "standalone":
        with standalone(folder, free_port()) as running:
            yield running
    else:
        found = engines()
        with distributed(folder, free_port(), {name: found[name] for name in (MONGODB, KAFKA)}) as running:
            yield running


@pytest.fixture(scope="session")
def package() -> bytes:
    """The district's OneRoster package."""
    content = BytesIO()
    generate(content, PLAN)
    return content.getvalue()


@pytest.fixture(scope="session")
def people(house: House, package: bytes) -> People:
    """The imported district's people, by what they may do."""
    first = house.client(BOOTSTRAP)
    state = first.import_package(package)
    assert state["status"] == "completed", state
    people = People(house, package)
    await_folded(people.client("districtAdministrator"))
    return people


@pytest.fixture(scope="session")
def admin(people: People) -> Client:
    """A district administrator."""
    return people.client("districtAdministrator")


@pytest.fixture
def waits() -> list[float]:
    """Seconds from a save to a chart that shows it; the suite's summary states their median and worst."""
    return WAITS


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if WAITS:
        line = f"from save to chart ({config.getoption('--mode')}): median {statistics.median(WAITS) * 1000:.0f} ms, "
        terminalreporter.write_line(line + f"worst {max(WAITS) * 1000:.0f} ms of {len(WAITS)}")
