"""What the threads of an episode share: where it plays, what was acknowledged so far, which plan is hot, when to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from tests.campaign.history import Journal, Read, Stage, Write


class Scene:
    """`students`: who may be put on the plan; `yesterday`: an effective date of the past."""

    def __init__(self, stage: Stage, journal: Journal, address: str, students: Sequence[str], yesterday: str) -> None:
        self.stage, self.journal, self.address, self.students, self.yesterday = stage, journal, address, students, yesterday
        self.stop = threading.Event()
        self.hot = students[0]
        self._lock = threading.Lock()
        self._positions: dict[int, int] = {}
        self._assigned: set[str] = set()
        self._acknowledged = 0

    @property
    def acknowledged(self) -> int:
        """How many writes were answered well: it grows while the platform works."""
        return self._acknowledged

    def positions(self) -> dict[int, int]:
        """The furthest acknowledged sequence of each partition."""
        with self._lock:
            return dict(self._positions)

    def assigned(self) -> list[str]:
        """Students who are known to be, or to have been, on the plan."""
        with self._lock:
            return sorted(self._assigned)

    def wrote(self, write: Write) -> None:
        self.journal.add(write)
        if write.outcome == "acknowledged":
            with self._lock:
                self._acknowledged += 1
                for part, sequence in write.positions.items():
                    self._positions[part] = max(sequence, self._positions.get(part, 0))
                self._assigned |= {each.rpartition("/")[2] for each in write.placed if "/plan/" in each}

    def read(self, read: Read) -> None:
        self.journal.add(read)

    def plan_stream(self, student: str) -> str:
        return f"{self.stage.district}/plan/{self.stage.template}/{student}"


def now() -> float:
    return round(time.monotonic(), 6)
