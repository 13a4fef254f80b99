"""Whether this process can do its work: checks in the background, with patience in both directions."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, Protocol

from prometheus_client import Gauge

from waymark.service.directory_folds import people
from waymark.service.ports import Ports

log = logging.getLogger(__name__)
EVERY: Final = 2.0  # seconds between rounds
FAILURES: Final = 3  # rounds in a row until not ready
SUCCESSES: Final = 2  # rounds in a row until ready again
SLOW: Final = 2.0  # seconds until a check that has not answered counts as failed, in this round
STALE: Final = 30.0  # seconds without a finished round: a check hangs

Check = Callable[[], object]
"""Raises when what it looks at does not answer."""

_ready = Gauge("ready", "1 while the process is ready to work", ["check"])


def checks_of(ports: Ports) -> Mapping[str, Check]:
    """What a service needs to answer: its store, its views, the keyring. The issuer is none: its keys are cached."""
    checks: dict[str, Check] = {
        "views": lambda: ports.views.reached(people.view, people.source),
        "keyring": lambda: ports.keyring.keys.get(("nobody",)),
    }
    if ports.store is not None:
        checks["store"] = ports.store.head
    return checks


class Working(Protocol):
    """A loop that says what it waits for, and nothing while it works: a worker, a relay."""

    @property
    def waits(self) -> str: ...


class Waiting(Exception):
    """What a process is there for stands still."""


def checks_of_work(loops: Mapping[str, Working]) -> Mapping[str, Check]:
    """What a worker's process is there for: a topic that is away, or a projection that stopped, is its business too."""

    def check(loop: Working) -> None:
        if reason := loop.waits:
            raise Waiting(reason)

    return {name: partial(check, loop) for name, loop in loops.items()}


class Health:
    """Runs checks every 2 s. Three failures in a row make the process not ready, two successes ready again.

    `started` is true from the first round in which every check succeeded.
    """

    def __init__(self, checks: Mapping[str, Check], clock: Callable[[], float] = time.monotonic) -> None:
        self._askers, self._clock = {name: _Asker(name, check) for name, check in checks.items()}, clock
        self._stop = threading.Event()
        self._failed = dict.fromkeys(checks, 0)
        self._succeeded = dict.fromkeys(checks, 0)
        self._good = dict.fromkeys(checks, False)
        self._round_at = clock()
        self.started = False

    def start(self) -> None:
        threading.Thread(target=self._run, name="health", daemon=True).start()

    def stop(self) -> None:
        """From now on not ready: the process is about to end."""
        self._stop.set()

    @property
    def ready(self) -> bool:
        return self.started and not self._stop.is_set() and not self.hanging and all(self._good.values())

    @property
    def hanging(self) -> bool:
        return self._clock() - self._round_at > STALE

    def standing(self) -> dict[str, bool]:
        """Each check, and whether it stands."""
        return dict(self._good)

    def look(self) -> None:
        """One round. All are asked at once: a database that hangs must not hide for how long from those who ask for the others."""
        for each in self._askers.values():
            each.ask()
        deadline = time.monotonic() + SLOW
        for name, each in self._askers.items():
            self._note(name, each.problem(deadline - time.monotonic()))
        self.started = self.started or all(self._good.values())
        self._round_at = self._clock()

    def _note(self, name: str, problem: str) -> None:
        if problem:
            self._succeeded[name], self._failed[name] = 0, self._failed[name] + 1
            log.warning("check failed", extra={"check": name, "problem": problem, "times": self._failed[name]})
            if self._failed[name] >= FAILURES:
                self._good[name] = False
        else:
            self._succeeded[name], self._failed[name] = self._succeeded[name] + 1, 0
            if not self.started or self._succeeded[name] >= SUCCESSES:
                self._good[name] = True
        _ready.labels(name).set(int(self._good[name]))

    def _run(self) -> None:
        while not self._stop.is_set():
            self.look()
            self._stop.wait(EVERY)


class _Asker:
    """Asks one thing, always in the same thread (a database keeps a connection a thread), which may hang for itself."""

    def __init__(self, name: str, check: Check) -> None:
        self._name, self._check = name, check
        self._asked, self._answered = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._problem = ""

    def ask(self) -> None:
        """Unless the last question was not answered yet."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=f"check-{self._name}", daemon=True)
            self._thread.start()
        elif not self._answered.is_set():
            return
        self._answered.clear()
        self._asked.set()

    def problem(self, seconds: float) -> str:
        """What is wrong, at most `seconds` from now; empty when nothing is."""
        return self._problem if self._answered.wait(max(0.0, seconds)) else "no answer"

    def _run(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            try:
                self._check()
            except Exception as problem:  # noqa: BLE001  whatever a driver raises, the check has failed
                self._problem = type(problem).__name__
            else:
                self._problem = ""
            self._answered.set()
