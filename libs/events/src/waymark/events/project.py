"""Projections: a pure `keys` and a pure `evolve` over one topic, and the folding of batches.

Whoever writes one thinks about events and documents only. Repeats, crashes, late workers and poison are dealt with here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from prometheus_client import Counter, Gauge, Histogram

from waymark.events.envelope import Event, Recorded, Unknown, Unreadable
from waymark.events.feed import Batch, Checkpoint
from waymark.events.park import FOLLOWS, MOST_STREAMS, TooManyParked, parked_record
from waymark.events.store import Unavailable
from waymark.events.views import Change, Held, Parked, View, Views

D = TypeVar("D")
log = logging.getLogger(__name__)

_unknown = Counter("unknown_events_total", "Events of types this program does not know", ["projection", "type"])
_batch = Histogram("batch_size", "Records folded at once", ["projection"], buckets=(1, 5, 20, 50, 100, 200, 500, 1000, 5000))
_parked = Gauge("parked_streams", "Streams set aside because an event of theirs could not be folded", ["projection"])


class Projection(Struct, Generic[D], frozen=True, kw_only=True):
    """A fold of one service's events into documents.

    `keys(recorded)` names the documents an event touches (ids begin with the district), `evolve(id, document, recorded)`
    makes the next document, or None to delete it. Both are pure and look nothing up; the result may depend on order only
    within one stream. `types`, `keys` and `evolve` are part of `version`.
    """

    name: str
    version: int
    source: str
    types: tuple[type[Event], ...]
    document: type[D]
    keys: Callable[[Recorded], Iterable[str]]
    evolve: Callable[[str, D | None, Recorded], D | None]
    indexes: tuple[tuple[str, ...], ...] = ()
    about: str | None = None

    @property
    def view(self) -> View[D]:
        """Where its documents stand when it was never rebuilt; what readers name it by."""
        return View(name=self.name, version=self.version, document=self.document, indexes=self.indexes, about=self.about)


class _Draft(Generic[D]):
    """A document while a batch is folded into it."""

    __slots__ = ("changed", "document", "marks", "parked", "revision")

    def __init__(self, held: Held[D] | None) -> None:
        if held is None:
            held = Held()
        self.document, self.marks, self.parked, self.revision = held.document, dict(held.marks), held.parked, held.revision
        self.changed = False


class UnknownEvent(Exception):
    """A rebuild met a type that this program does not know: what it would build may be wrong."""


class Projector(Generic[D]):
    """Folds batches into one view. `strict`: a rebuild, which an unknown type stops."""

    def __init__(self, projection: Projection[D], views: Views, view: View[D] | None = None, strict: bool = False) -> None:
        self.projection, self.view, self._views, self._strict = projection, view or projection.view, views, strict
        self._types = frozenset(projection.types)
        self.checkpoints: dict[int, Checkpoint] = {}
        views.prepare(self.view)

    def resume(self) -> Mapping[int, Checkpoint]:
        """Read the saved checkpoints; folding goes on after them."""
        self.checkpoints = dict(self._views.checkpoints(self.view, self.projection.source))
        return self.checkpoints

    def apply(self, batch: Batch) -> None:
        """Fold a batch and save documents, parked events and checkpoints. Applying a batch twice changes nothing.

        Raises Unavailable, TooManyParked, UnknownEvent (strict only).
        """
        fresh = self._wanted(batch.records)
        ahead = {part: self._onward(part, each) for part, each in batch.checkpoints.items()}
        ahead = {part: each for part, each in ahead.items() if self._moves(part, each)}
        if not ahead:
            return
        for _ in range(20):
            changes, parked = self._fold(fresh)
            if not self._views.save(self.view, self.projection.source, changes, parked, ahead):
                break
            # Another worker saved one of these documents meanwhile: load again; marks drop what is in already.
        else:
            raise Unavailable(f"{self.view.key}: documents kept changing under the fold")
        self.checkpoints |= ahead
        _batch.labels(self.projection.name).observe(len(fresh))
        if parked:
            self._report(parked)

    def check_parked(self) -> None:
        """Show how many streams are parked, by whomever. Raises TooManyParked."""
        standing = len(self._views.parked_streams(self.view))
        _parked.labels(self.projection.name).set(standing)
        if standing > MOST_STREAMS:
            raise TooManyParked(f"{self.view.key}: {standing} streams are parked; the fold itself must be wrong")

    def _wanted(self, records: Sequence[Recorded]) -> list[Recorded]:
        """Those beyond the checkpoints that the fold takes."""
        folded = {part: each.sequence for part, each in self.checkpoints.items()}
        return [
            each
            for each in records
            if each.sequence > folded.get(each.partition, -1) and (type(each.event) in self._types or self._is_readable(each))
        ]

    def _onward(self, partition: int, checkpoint: Checkpoint) -> Checkpoint:
        """What was sent again, or a topic made anew, brings old sequences at new offsets: what was folded stays folded."""
        known = self.checkpoints.get(partition)
        return checkpoint if known is None or known.sequence <= checkpoint.sequence else replace(checkpoint, sequence=known.sequence)

    def _moves(self, partition: int, checkpoint: Checkpoint) -> bool:
        known = self.checkpoints.get(partition)
        return known is None or (checkpoint.sequence, checkpoint.offset, checkpoint.topic) != (known.sequence, known.offset, known.topic)

    def _is_readable(self, recorded: Recorded) -> bool:
        """Whether an event that is of none of the wanted types is one of them that could not be read."""
        event = recorded.event
        if isinstance(event, Unknown):
            if self._strict:
                raise UnknownEvent(f"{event.name} at {recorded.stream}/{recorded.version}")
            _unknown.labels(self.projection.name, event.name).inc()
        return isinstance(event, Unreadable) and any(each.type == event.name for each in self._types)

    def _fold(self, records: Sequence[Recorded]) -> tuple[list[Change[D]], list[Parked]]:
        if not records:
            return [], []
        standing = set(self._views.parked_streams(self.view))
        parked: list[Parked] = []
        touched: dict[int, Sequence[str]] = {}
        failed: dict[int, str] = {}
        for at, recorded in enumerate(records):
            try:
                if isinstance(recorded.event, Unreadable):
                    raise ValueError(recorded.event.reason)
                touched[at] = tuple(dict.fromkeys(self.projection.keys(recorded)))
            except Exception as problem:  # noqa: BLE001 -- poison, whatever it raises
                failed[at] = f"{type(problem).__name__}: {problem}"
        every = {each for ids in touched.values() for each in ids}
        before = self._views.load(self.view, every)
        drafts = {each: _Draft(before.get(each)) for each in every}
        for at, recorded in enumerate(records):
            reason = FOLLOWS if recorded.stream in standing else failed.get(at)
            if reason is None:
                try:
                    self._evolve(recorded, touched[at], drafts)
                except Exception as problem:  # noqa: BLE001 -- poison
                    reason = f"{type(problem).__name__}: {problem}"
            if reason is not None:
                standing.add(recorded.stream)
                parked.append(parked_record(recorded, reason))
        changes = [
            Change(id=key, document=each.document, marks=each.marks, parked=each.parked, revision=each.revision)
            for key, each in drafts.items()
            if each.changed
        ]
        return changes, parked

    def _evolve(self, recorded: Recorded, ids: Sequence[str], drafts: Mapping[str, _Draft[D]]) -> None:
        """All documents of an event or none: one that raises half-way must leave no trace."""
        evolve, part, sequence = self.projection.evolve, recorded.partition, recorded.sequence
        made: list[tuple[_Draft[D], D | None]] = []
        for key in ids:
            draft = drafts[key]
            if draft.marks.get(part, -1) < sequence:
                made.append((draft, evolve(key, draft.document, recorded)))
        for draft, document in made:
            draft.document, draft.changed = document, True
            draft.marks[part] = sequence

    def _report(self, parked: Sequence[Parked]) -> None:
        for each in parked:
            if each.reason != FOLLOWS:
                log.error("event parked", extra={"projection": self.view.key, "stream": each.stream, "event_type": each.type})
        self.check_parked()
