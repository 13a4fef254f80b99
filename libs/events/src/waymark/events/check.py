"""Hold what stands in views against the facts: one pass over a feed from its beginning, beside running workers.

Versions of each stream are gapless (and positions dense: the feed itself stops at a hole); no checkpoint lies beyond the end;
and a sample of documents, chosen by their ids, equals a fold of the facts from the first one on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zlib import crc32

from msgspec import Struct

from waymark.events.envelope import Recorded
from waymark.events.feed import Checkpoint, Feed
from waymark.events.park import recorded_again
from waymark.events.project import Projection
from waymark.events.views import Held, View, Views
from waymark.events.worker import live_view

BATCH = 5000  # records
PATIENCE = 20.0  # seconds for documents that keep moving to stand where the pass stands
LOOK = 0.2


class Finding(Struct, frozen=True, kw_only=True):
    """Something that is not as it must be: `what` of `where`."""

    where: str
    what: str


class Report(Struct, frozen=True, kw_only=True):
    """`not_compared`: documents that moved on all the while, or that streams touch which are parked, were given up or redacted."""

    source: str
    events: int
    streams: int
    documents: int
    not_compared: int
    findings: tuple[Finding, ...]


def check(
    feed: Feed,
    projections: Sequence[Projection[Any]],
    views: Views,
    sample: int,
    set_aside: Mapping[str, frozenset[str]],
    progress: Callable[[int, int], object],
) -> Report:
    """Read the feed to its end and compare about `sample` documents of each projection (at least half as many where there are
    more). `set_aside`: by projection, streams whose events were given up or redacted. Raises NotDense, Unavailable."""
    passed = _Pass(feed, [_Sample(each, views, sample, set_aside.get(each.name, frozenset())) for each in projections])
    try:
        feed.start(dict)
        passed.to_the_end(progress)
        since = time.monotonic()
        while [each for each in passed.samples if each.moving()] and time.monotonic() - since < PATIENCE:
            time.sleep(LOOK)
            passed.to_the_end(progress)
    finally:
        feed.close()
    return Report(
        source=feed.source,
        events=passed.events,
        streams=len(passed.versions),
        documents=sum(each.documents for each in passed.samples),
        not_compared=sum(each.not_compared for each in passed.samples),
        findings=(*passed.findings, *(finding for each in passed.samples for finding in (*each.findings, *each.beyond(passed.ends)))),
    )


class _Pass:
    """The feed, record by record: each once, whatever was sent again."""

    def __init__(self, feed: Feed, samples: Sequence[_Sample]) -> None:
        self._feed, self.samples = feed, samples
        self.events = 0
        self.versions: dict[str, int] = {}
        self.ends: dict[int, int] = {}
        self.findings: list[Finding] = []
        self._seen: dict[int, int] = {}

    def to_the_end(self, progress: Callable[[int, int], object]) -> None:
        while True:
            batch = self._feed.poll(BATCH, 0)
            for recorded in batch.records:
                if recorded.sequence > self._seen.get(recorded.partition, -1):
                    self._seen[recorded.partition] = recorded.sequence
                    self._take(recorded)
            for part, each in batch.checkpoints.items():
                self.ends[part] = max(each.sequence, self.ends.get(part, -1))
            waiting = self._feed.behind()
            if batch.records:
                progress(self.events, waiting)
            elif waiting == 0:
                return

    def _take(self, recorded: Recorded) -> None:
        self.events += 1
        expected = self.versions.get(recorded.stream, 0) + 1
        if recorded.version != expected:
            self.findings.append(Finding(where=recorded.stream, what=f"version {recorded.version} where {expected} was expected"))
        self.versions[recorded.stream] = recorded.version
        for each in self.samples:
            each.take(recorded)


class _Sample:
    """A fold of the facts into documents chosen by their ids: all of them while they are few, then half, then a quarter ..."""

    def __init__(self, projection: Projection[Any], views: Views, most: int, set_aside: frozenset[str]) -> None:
        self._projection, self._views, self._most = projection, views, most
        self.view: View[Any] = live_view(projection, views)
        views.prepare(self.view)
        self._types = frozenset(projection.types)
        self._before = views.checkpoints(self.view, projection.source)
        self._aside = set_aside | views.parked_streams(self.view).keys()
        self._one_in = 1
        self._documents: dict[str, tuple[Any, dict[int, int]]] = {}
        self._unclear: set[str] = set()
        self.compared: set[str] = set()
        self.findings: list[Finding] = []

    def take(self, recorded: Recorded) -> None:
        if type(recorded.event) not in self._types:
            return
        try:
            ids = [each for each in set(self._projection.keys(recorded)) if crc32(each.encode()) % self._one_in == 0]
            if recorded.stream in self._aside:
                self._unclear.update(ids)
                return
            for each in ids:
                document, marks = self._documents.get(each, (None, {}))
                folded = self._projection.evolve(each, document, recorded)
                self._documents[each] = folded, {**marks, recorded.partition: recorded.sequence}
                self.compared.discard(each)  # it has moved on since
        except Exception as problem:  # noqa: BLE001 -- poison: the view must have parked it
            self.findings.append(
                Finding(
                    where=f"{self.view.key} {recorded.stream}/{recorded.version}", what=f"cannot be folded and is not parked: {problem!r}"
                )
            )
        while len(self._documents) > self._most:
            self._one_in *= 2
            self._documents = {key: each for key, each in self._documents.items() if crc32(key.encode()) % self._one_in == 0}
            self._unclear = {each for each in self._unclear if crc32(each.encode()) % self._one_in == 0}

    def moving(self) -> bool:
        """Compare what can be; whether documents are left that stand elsewhere than the pass."""
        reached = self._views.checkpoints(self.view, self._projection.source)
        self._parked_now()
        left = [each for each in self._documents if each not in self.compared and each not in self._unclear]
        for start in range(0, len(left), BATCH):
            ids = left[start : start + BATCH]
            held = self._views.load(self.view, ids)
            for each in ids:
                self._compare(each, held.get(each, Held()), reached)
        return any(each not in self.compared for each in left)

    def _compare(self, key: str, held: Held[Any], reached: Mapping[int, Checkpoint]) -> None:
        document, marks = self._documents[key]
        if held.marks == marks:
            self.compared.add(key)
            if held.document != document:
                self.findings.append(Finding(where=f"{self.view.key} {key}", what="is not what the facts fold to"))
        elif missed := [
            part for part, mark in marks.items() if held.marks.get(part, -1) < mark and part in reached and reached[part].sequence >= mark
        ]:
            self.compared.add(key)
            self.findings.append(Finding(where=f"{self.view.key} {key}", what=f"lacks an event of partition {missed[0]} that was passed"))

    @property
    def documents(self) -> int:
        return len(self._documents) - self.not_compared

    @property
    def not_compared(self) -> int:
        return len(self._documents.keys() - (self.compared - self._unclear))

    def beyond(self, ends: Mapping[int, int]) -> Sequence[Finding]:
        """Checkpoints that were past the end when the pass began."""
        return [
            Finding(where=f"{self.view.key} partition {part}", what=f"the checkpoint {each.sequence} lies beyond the last event")
            for part, each in self._before.items()
            if each.sequence > ends.get(part, -1)
        ]

    def _parked_now(self) -> None:
        for stream in self._views.parked_streams(self.view):
            for parked in self._views.parked(self.view, stream):
                try:
                    self._unclear.update(self._projection.keys(recorded_again(parked)))
                except Exception:  # noqa: BLE001, S112 -- whatever made it poison; it touches no document
                    continue
