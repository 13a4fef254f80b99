"""Which partitions deliver nothing although the broker holds more: an open transaction, a lost leader, a reader that is deaf."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from prometheus_client import Gauge

STALLED: Final = 30.0  # seconds; a transaction that nobody ends is ended by the broker after 10
_stalled = Gauge("partition_stalled", "1 where the broker holds more and nothing has come for 30 s", ["source", "partition"])


class Stalls:
    """Compares how far a reader stands with how far each partition goes. `clock` in seconds, never stepping back."""

    def __init__(self, source: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._source, self._clock = source, clock
        self._held: dict[int, tuple[int, float]] = {}

    def look(self, positions: Mapping[int, int], ends: Mapping[int, int]) -> set[int]:
        """The stalled ones of the partitions that are ours to read: `positions` and `ends` are their next and last offsets."""
        now = self._clock()
        for part in self._held.keys() - positions.keys():
            _stalled.labels(self._source, part).set(0)  # somebody else's now
        # Since when each one that holds more has stood where it stands.
        self._held = {part: self._since(part, at, now) for part, at in positions.items() if at < ends[part]}
        stalled = {part for part, (_, since) in self._held.items() if now - since >= STALLED}
        for part in positions:
            _stalled.labels(self._source, part).set(1 if part in stalled else 0)
        return stalled

    def _since(self, part: int, at: int, now: float) -> tuple[int, float]:
        known = self._held.get(part)
        return known if known and known[0] == at else (at, now)
