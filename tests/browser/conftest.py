"""The screens, seen as a person sees them: a real platform with its demo district, Chromium, and people who sign in through the real page."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.screen import Look, Screen
from tests.browser.workshop import Workshop
from tests.conftest import lacking
from tests.e2e.conftest import free_port
from tests.e2e.house import House, _running
from waymark.standalone.home import DEMO_DISTRICT, the_web

STUDENTS = 240
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 10_000  # milliseconds: the machine may be shared
SLOWEST = 90  # seconds a test

Opened = Callable[..., Screen]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs the browser. Playwright's loop lives as long as the session, so a test is given more than a fast one."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(SLOWEST))


@contextmanager
def demo(folder: Path, port: int, students: int = STUDENTS) -> Iterator[House]:
    """`python -m waymark.standalone run` over a fresh folder, with its demo district."""
    command = [sys.executable, "-m", "waymark.standalone", "run", "--data", str(folder), "--port", str(port), "--students", str(students)]
    with _running(command, folder, f"http://127.0.0.1:{port}", DEMO_DISTRICT) as house:
        yield house


@contextmanager
def browser(program: str) -> Iterator[Browser]:
    """Chromium with a fresh profile. Nothing is ever downloaded."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(SWITCHES))
        try:
            yield running
        finally:
            running.close()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The running platform with a demo district."""
    if not (the_web() / "index.html").exists():
        lacking("the web application is not built", "make web")
    with demo(tmp_path_factory.mktemp("browser"), free_port()) as running:
        yield running


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with browser(chromium_path) as running:
        yield running


@pytest.fixture(scope="session")
def workshop(house: House) -> Workshop:
    """Makes what a test starts from, over the API, so that the test drives only what it is about."""
    return Workshop(house)


@pytest.fixture
def opened(house: House, chromium: Browser) -> Iterator[Opened]:
    """`opened("teacher")` signs in through the real page; `opened("teacher", "/plans", Look(theme="dark"))` opens a place in a look.

    A page that breaks, or logs an error, fails the test that opened it.
    """
    screens: list[Screen] = []

    def opening(role: str, at: str = "/plans", look: Look | None = None, person: int = 0) -> Screen:
        screen = Screen(chromium, house, look or Look())
        screens.append(screen)
        screen.sign_in(role, at, person)
        return screen

    yield opening
    faults = [fault for screen in screens for fault in screen.close()]
    assert not faults, faults
