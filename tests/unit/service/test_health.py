"""Ready when the work can be done, told on a port of its own."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from waymark.service import health as module
from waymark.service.admin import AdminServer
from waymark.service.health import FAILURES, STALE, SUCCESSES, Health, Waiting, checks_of, checks_of_work
from waymark.service.testing import TestDistrict


class Database:
    """Away as long as a test says."""

    def __init__(self) -> None:
        self.away, self.now = False, 0.0
        self.health = Health({"database": self.check}, lambda: self.now)

    def check(self) -> None:
        if self.away:
            raise ConnectionError

    def rounds(self, count: int) -> list[bool]:
        said = list[bool]()
        for _ in range(count):
            self.health.look()
            said.append(self.health.ready)
        return said


@pytest.fixture
def database() -> Database:
    return Database()


def test_a_process_is_ready_from_its_first_good_round(database: Database) -> None:
    assert not database.health.ready
    assert database.rounds(1) == [True]


def test_a_process_that_never_had_a_good_round_has_not_started(database: Database) -> None:
    database.away = True
    database.rounds(10)
    assert not database.health.started
    database.away = False
    assert database.rounds(1) == [True]
    assert database.health.started


def test_one_failure_is_no_reason_to_stop_asking(database: Database) -> None:
    database.rounds(1)
    database.away = True
    assert database.rounds(FAILURES) == [True] * (FAILURES - 1) + [False]
    assert database.health.started


def test_one_success_is_no_reason_to_ask_again(database: Database) -> None:
    database.rounds(1)
    database.away = True
    database.rounds(FAILURES)
    database.away = False
    assert database.rounds(SUCCESSES) == [False] * (SUCCESSES - 1) + [True]


def test_a_check_that_hangs_is_a_failure(database: Database) -> None:
    database.rounds(1)
    database.now = STALE + 1
    assert not database.health.ready


def test_a_process_that_is_about_to_end_is_not_ready(database: Database) -> None:
    database.rounds(1)
    database.health.stop()
    assert not database.health.ready


def test_a_service_checks_what_it_needs(district: TestDistrict) -> None:
    for service in ("plans", "reporting"):
        assert set(checks_of(district.ports(service))) == {"views", "keyring", "store"}
    for check in checks_of(district.ports("plans")).values():
        check()


@pytest.fixture
def admin(database: Database) -> Iterator[str]:
    server = AdminServer("127.0.0.1", 0, database.health)
    database.rounds(1)
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


def asked(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, problem.read().decode()


def test_the_admin_port_tells_health_and_metrics(admin: str) -> None:
    for path in ("/livez", "/readyz", "/startupz"):
        status, body = asked(admin + path)
        assert (status, json.loads(body)) == (200, {"ok": True, "checks": {"database": True}})
    status, body = asked(f"{admin}/metrics")
    assert status == 200
    assert "projection_lag_events" in body
    assert asked(f"{admin}/else")[0] == 404


def test_who_is_not_ready_is_alive_all_the_same(admin: str, database: Database) -> None:
    database.away = True
    database.rounds(FAILURES)
    assert asked(f"{admin}/readyz") == (503, '{"ok":false,"checks":{"database":false}}')
    assert asked(f"{admin}/livez")[0] == 200
    assert asked(f"{admin}/startupz")[0] == 200


def test_a_check_that_hangs_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLOW", 0.05)
    over = threading.Event()
    health = Health({"hangs": over.wait, "stands": lambda: None})
    began = time.monotonic()
    for _ in range(FAILURES):
        health.look()
    assert time.monotonic() - began < 1 * FAILURES
    assert health.standing() == {"hangs": False, "stands": True}
    over.set()


def test_a_worker_is_not_ready_while_what_it_is_there_for_waits() -> None:
    class Relay:
        waits = "the broker is away"

    relay = Relay()
    (check,) = checks_of_work({"relay": relay}).values()
    with pytest.raises(Waiting, match="the broker is away"):
        check()
    relay.waits = ""
    check()
