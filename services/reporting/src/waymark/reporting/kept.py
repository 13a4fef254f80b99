"""Documents kept in memory, joined a topic partition at a time, and brought up to date by what is newer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Generic, Protocol, TypeVar

from waymark.events.project import Projection
from waymark.events.views import System, Views, pinned


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

    def of(self, district: str, **of: str) -> Mapping[int, J]:
        """What is joined, by partition, as far as the view has folded; a partition without documents may be absent."""
        with self._lock:
            entry = self._entries.setdefault((district, *of.values()), _Entry())
            self._entries.move_to_end((district, *of.values()))
        with entry.lock:
            self._refresh(entry, System(district), of)
            joined = entry.joined
        with self._lock:
            while len(self._entries) > 1 and sum(each.nbytes for each in self._entries.values()) > self._most:
                self._entries.popitem(last=False)
        return joined

    def _refresh(self, entry: _Entry[J], system: System, of: Mapping[str, str]) -> None:
        view, which = pinned(self._views, self._projection.view)
        if which != entry.which:  # documents of another view, or changed behind their marks: none counts any more
            entry.which, entry.asked, entry.joined, entry.nbytes = which, {}, {}, 0
        # The checkpoints first, then what is newer than those read the time before: a batch is saved in no order (engine.md, 5).
        for part, checkpoint in self._views.checkpoints(view, self._projection.source).items():
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
        self.which: object = None
        self.asked: dict[int, int] = {}
        self.joined: Mapping[int, J] = {}
        self.nbytes = 0
