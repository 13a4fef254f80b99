"""What every test may rely on: the real engines and the browser where they are there, a clear skip where not, and no network in fast tests."""

import gc
import logging
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("waymark", deadline=None)  # no test fails on a timing
settings.load_profile("waymark")

UNIT = Path(__file__).parent / "unit"
LOCAL = {"127.0.0.1", "::1", "localhost"}
MONGODB, KAFKA, CHROMIUM = "WAYMARK_MONGODB_URL", "WAYMARK_KAFKA_BOOTSTRAP", "WAYMARK_CHROMIUM"


@cache
def engines() -> dict[str, str]:
    """The addresses of the real servers: given in the environment, else of what `make engines-up` started. One may be absent."""
    asked = subprocess.run([sys.executable, "-m", "waymark.tools.engines", "env"], capture_output=True, text=True, check=False)
    found = dict(line.split("=", 1) for line in asked.stdout.splitlines())
    return {name: found[name] for name in (MONGODB, KAFKA) if name in found}


@cache
def chromium() -> str | None:
    """The path of Chromium. No test ever downloads a browser."""
    return os.environ.get(CHROMIUM) or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def lacking(what: str, enable: str) -> None:
    """Skip, saying how to enable it; fail where WAYMARK_ENGINES=required says that nothing may be skipped."""
    if os.environ.get("WAYMARK_ENGINES") == "required":
        pytest.fail(f"{what}, and WAYMARK_ENGINES=required. To enable: {enable}", pytrace=False)
    pytest.skip(f"{what}. To enable: {enable}")


def address(name: str, server: str) -> str:
    if name not in engines():
        lacking(f"no {server}", f"make engines-up, or set {name}")
    return engines()[name]


@pytest.fixture(scope="session")
def mongodb_url() -> str:
    """A MongoDB-protocol server's URL. Tests choose database names of their own."""
    return address(MONGODB, "MongoDB")


@pytest.fixture(scope="session")
def kafka_bootstrap() -> str:
    """A Kafka broker's host:port. Tests choose topic and group names of their own."""
    return address(KAFKA, "Kafka")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser's program."""
    found = chromium()
    if found is None:
        lacking("no Chromium", f"apt install chromium, or set {CHROMIUM}")
    return str(found)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--mode", choices=("standalone", "distributed"), default="standalone", help="which deployment tests/e2e is run against"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The end-to-end suite needs the engines only where every service is a process of its own."""
    if config.getoption("mode", None) == "distributed":
        for item in items:
            item.add_marker(pytest.mark.engines)


@pytest.hookimpl(tryfirst=True)  # before session fixtures of a suite try to start anything
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("engines") or item.get_closest_marker("mongodb"):
        address(MONGODB, "MongoDB")
    if item.get_closest_marker("engines") or item.get_closest_marker("kafka"):
        address(KAFKA, "Kafka")
    if item.get_closest_marker("browser") and chromium() is None:
        lacking("no Chromium", f"apt install chromium, or set {CHROMIUM}")


@pytest.fixture
def quiet() -> Iterator[None]:
    """Captured log records would keep the Kafka client's dead connections alive beyond the test."""
    level = logging.getLogger("kafka").level
    logging.getLogger("kafka").setLevel(logging.CRITICAL + 1)
    yield
    logging.getLogger("kafka").setLevel(level)
    gc.collect()


@pytest.fixture(autouse=True)
def no_network_in_fast_tests(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fast tests may talk to this machine only, and listen on it only. (A process that a test starts is not watched.)"""
    if UNIT in request.path.parents:
        for name in ("connect", "connect_ex", "bind"):
            monkeypatch.setattr(socket.socket, name, _on_this_machine(getattr(socket.socket, name)))
        monkeypatch.setattr(socket, "getaddrinfo", _known_here(socket.getaddrinfo))


def _on_this_machine(call: Any) -> Any:
    def checked(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_unless_local(address[0])
        return call(self, address)

    return checked


def _known_here(lookup: Any) -> Any:
    def checked(host: Any, *rest: Any, **options: Any) -> Any:
        _refuse_unless_local(host)
        return lookup(host, *rest, **options)

    return checked


def _refuse_unless_local(host: Any) -> None:
    if host not in LOCAL:
        pytest.fail(f"a fast test reached for {host!r}; only {', '.join(sorted(LOCAL))} are allowed", pytrace=False)
