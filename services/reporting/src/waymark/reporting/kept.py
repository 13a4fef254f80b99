"""Documents kept in memory, joined a topic partition at a time, and brought up to date by what is newer."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final, Generic, Protocol, TypeVar

from waymark.events.project import Projection
from waymark.events.views import System, Views

SETTLED: Final = 2.0  # seconds after a flip until every question goes to the view that is live
UNSEEN: Final = ""


class Joined(Protocol):
    """What the documents of a partition are joined to. It never changes; a newer one takes its place."""

    @property
    def nbytes(self) -> int: ...


D = TypeVar("D")
J = TypeVar("J", bound=Joined)


class Kept(Generic[D, J]):
    """One projection's documents, by district and what they are `of` (field values that all have in common), for all threads.

    Those asked for longest ago go first when all together take more than `most` bytes. `by_partition`: the documents have a
    field `partition`, indexed behind the others.
    """

    def __init__(
        self,
        views: Views,
        projection: Projection[D],
        join: Callable[[J | None, Mapping[str, D | None]], J],
        most: int,
        by_partition: bool = True,
    ) -> None:
        self._views, self._projection, self._join, self._most, self._by_partition = views, projection, join, most, by_partition
        self._entries: OrderedDict[tuple[str, ...], _Entry[J]] = OrderedDict()
        self._lock = threading.Lock()
        self._live: str | None = UNSEEN
        self._settled = 0.0
        self._unsettled = False  # whether the last read was before that

    def of(self, district: str, **of: str) -> Mapping[int, J]:
        """What is joined, by partition, as far as the view has folded; a partition without documents may be absent."""
        with self._lock:
            if self._rebuilt():
                self._entries.clear()
            entry = self._entries.setdefault((district, *of.values()), _Entry())
            self._entries.move_to_end((district, *of.values()))
        with entry.lock:
            self._refresh(entry, System(district), of)
            joined = entry.joined
        with self._lock:
            while len(self._entries) > 1 and sum(each.nbytes for each in self._entries.values()) > self._most:
                self._entries.popitem(last=False)
        return joined

    def _rebuilt(self) -> bool:
        """Whether what is kept may come from a view that was live before: the marks of one tell nothing about the other's."""
        live = self._views.live(self._projection.name)
        if self._live not in (UNSEEN, live):
            self._settled = time.monotonic() + SETTLED
        unsettled, self._unsettled = self._unsettled, time.monotonic() < self._settled
        self._live = live
        return unsettled or self._unsettled

    def _refresh(self, entry: _Entry[J], system: System, of: Mapping[str, str]) -> None:
        # The checkpoints first, then what is newer than those read the time before: a batch is saved in no order (engine.md, 5).
        view = self._projection.view
        for part, checkpoint in self._views.reached(view, self._projection.source).items():
            asked = entry.asked.get(part, -1)
            if checkpoint.sequence == asked:
                continue
            equals: dict[str, str | int] = {**of, "partition": part} if self._by_partition else {**of}
            changed = self._views.newer(system, view, equals, part, asked)
            if changed:
                entry.joined = {**entry.joined, part: self._join(entry.joined.get(part), changed)}
                entry.nbytes = sum(each.nbytes for each in entry.joined.values())
            entry.asked[part] = checkpoint.sequence


class _Entry(Generic[J]):
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.asked: dict[int, int] = {}
        self.joined: Mapping[int, J] = {}
        self.nbytes = 0
