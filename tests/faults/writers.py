"""Writers who never give a commit up: each is asked for again, with the same id, until it is acknowledged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from waymark.events.catalogue.roster import RoleGranted
from waymark.events.decide import Aggregate, decide
from waymark.events.envelope import Meta
from waymark.events.store import Store, Unavailable

COUNT: Aggregate[int] = Aggregate(evolve=lambda count, _: (count or 0) + 1, key=lambda stream: stream.rpartition("/")[2])


class Writers:
    """Four threads on the seven streams of tests/integration/tales.py, as fast as `pause` allows."""

    def __init__(self, store: Store, pause: float = 0.02) -> None:
        self._store, self._pause = store, pause
        self._lock = threading.Lock()
        self._number = 0
        self.acknowledged: list[str] = []
        self.refused: list[float] = []  # seconds that each refusal took
        self.wrong: list[BaseException] = []

    def loops(self) -> list[Callable[[threading.Event], None]]:
        return [self._write] * 4

    def _write(self, stop: threading.Event) -> None:
        while not stop.is_set():
            with self._lock:
                self._number += 1
                number = self._number
            person = f"p{number % 7}"
            event = RoleGranted(person=person, role="teacher", org=str(number))
            while True:
                asked = time.monotonic()
                try:
                    decide(self._store, f"d/person/{person}", COUNT, lambda _: [event], str(number), Meta())  # noqa: B023  decided at once
                except Unavailable:
                    self.refused.append(time.monotonic() - asked)
                    if stop.wait(0.1):
                        return
                    continue
                except BaseException as problem:  # noqa: BLE001  told by the test's own thread
                    self.wrong.append(problem)
                    return
                self.acknowledged.append(str(number))
                break
            stop.wait(self._pause)

    def check(self) -> None:
        """What was acknowledged is stored, everything once, positions dense and versions gapless."""
        assert not self.wrong, self.wrong
        stored: list[str] = []
        versions: dict[str, int] = {}
        after = 0
        while commits := self._store.scan(after, 1000):
            after = commits[-1].position
            for each in commits:
                stored.append(each.commit_id)
                assert each.version == versions.get(each.stream, 0) + 1
                versions[each.stream] = each.last_version
        assert len(stored) == len(set(stored)), "stored twice"
        assert set(self.acknowledged) <= set(stored), "acknowledged, and lost"
