"""The loop that keeps a service's projections of one feed up to date."""

from __future__ import annotations

import logging
import random
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from prometheus_client import Gauge

from waymark.events.feed import Checkpoint, Feed
from waymark.events.park import TooManyParked
from waymark.events.project import Projection, Projector
from waymark.events.standing import Standing
from waymark.events.store import Unavailable
from waymark.events.views import View, Views

D = TypeVar("D")
BATCH = 500  # records
FAR_BEHIND = 5000  # records that wait: then as many at once, so that a document which many of them touch is saved once
WAIT = 0.2  # seconds for the first record of a batch
PATIENCE = 10.0  # seconds, the longest pause between tries while something is away
LOOK = 2.0  # seconds between looks at which views stand (a rebuild announces and flips)
COUNT = 10.0  # seconds between looks at how many streams are parked
ATTENDS = 20.0  # seconds that a worker counts as folding after it was last heard of; a step must be shorter
_Wanted = list[tuple[Projection[Any], View[Any]]]
log = logging.getLogger(__name__)

_lag = Gauge("projection_lag_events", "Events known to wait", ["projection"])
_age = Gauge("projection_age_seconds", "Since the newest folded fact was recorded, while facts wait; else 0", ["projection"])
_stalled = Gauge("feed_unavailable", "1 while the feed or the views do not answer", ["source"])
_stopped = Gauge("projection_stopped", "1 while so many streams are parked that the fold must be wrong", ["projection"])


def folded_views(projection: Projection[D], standing: Standing, now: float) -> list[View[D]]:
    """The views that a worker of this program folds, in this order, each batch into all of them.

    What readers may be flipped to comes before what they read, so that it is never older and no reader ever sees an older
    answer: the candidate first, and the previous view before the live one, once nobody reads the previous one any more. Views
    of other versions are other programs'. Where none is of this version, its first build.
    """
    pair = (standing.previous, standing.live) if standing.settled(now) else (standing.live, standing.previous)
    named = [projection.view.at(key) for key in (standing.candidate, *pair) if key]
    return [each for each in named if each.version == projection.version] or [projection.view]


def live_view(projection: Projection[D], views: Views) -> View[D]:
    """The live view if it is of this program's version, else the one of this version that is to take its place."""
    standing = views.standing(projection.name)
    own = {each.key: each for each in folded_views(projection, standing, time.time())}
    return next((own[key] for key in (standing.live, standing.previous) if key in own), next(iter(own.values())))


def reaches(views: Views, projection: Projection[Any], view: View[Any], other: View[Any]) -> bool:
    """Whether a view has folded at least what another has."""
    known = views.checkpoints(view, projection.source)
    return all(
        part in known and known[part].sequence >= each.sequence for part, each in views.checkpoints(other, projection.source).items()
    )


class Worker:
    """Feeds projections of one source, over one feed, in one thread.

    A projection whose live view is of another version is built beside it, and readers are flipped to it when it has caught up.
    One with too many parked streams stands still until there are fewer; the others go on. `waits` says what it waits for, and is
    empty while everything is folded.
    """

    def __init__(self, feed: Feed, projections: Sequence[Projection[Any]], views: Views) -> None:
        assert all(each.source == feed.source for each in projections)
        self._feed, self._projections, self._views = feed, projections, views
        self._projectors: list[Projector[Any]] = []
        self._late: list[Projection[Any]] = []  # whose live view is not of this version
        self._name = uuid.uuid4().hex
        self._looked = self._counted = 0.0
        self._waiting = 0
        self._away = ""
        self._stopped: dict[str, tuple[Projector[Any], str]] = {}  # by view, what is not folded and why

    @property
    def waits(self) -> str:
        return self._away or "; ".join(why for _, why in self._stopped.values())

    @property
    def projections(self) -> Sequence[Projection[Any]]:
        return self._projections

    def run(self, stop: threading.Event) -> None:
        """Fold until `stop`. An outage is waited out with growing pauses; it parks nothing."""
        tries = 0
        try:
            while not stop.is_set():
                try:
                    self._begin()
                    self._feed.start(self._resume)
                    while not stop.is_set() and self._same_views():
                        self.step()
                        tries = 0
                        self._away = ""
                        _stalled.labels(self._feed.source).set(0)
                except Unavailable as problem:
                    tries += 1
                    self._away = str(problem)
                    _stalled.labels(self._feed.source).set(1)
                    log.warning("feed waits", extra={"source": self._feed.source, "reason": str(problem)})
                    stop.wait(min(PATIENCE, 0.05 * 2**tries) * random.uniform(0.5, 1))  # noqa: S311 -- jitter, no secret
            self._feed.close()
        finally:
            self._leave()

    def step(self, wait: float = WAIT) -> int:
        """Fold the next batch into every projection; returns how many records it had."""
        batch = self._feed.poll(FAR_BEHIND if self._waiting >= FAR_BEHIND else BATCH, wait)
        for each in tuple(self._projectors):
            try:
                each.apply(batch)
            except TooManyParked as problem:
                self._stop(each, problem)
        self._measure(caught_up=not batch.records)
        if self._late and (self._waiting == 0 or (batch.records and self._waiting < BATCH)):
            self._flip()
        return len(batch.records)

    def catch_up(self) -> None:
        """Fold everything there is, then return. For tests, imports and first starts."""
        self._take(self._wanted())
        self._feed.start(self._resume)
        self._waiting = self._feed.behind()
        while self.step(wait=0) or self._waiting:
            pass  # a feed may need a while for its first records

    def _wanted(self) -> _Wanted:
        wanted: _Wanted = []
        self._late = []
        for each in self._projections:
            standing = self._views.standing(each.name)
            wanted += ((each, view) for view in folded_views(each, standing, time.time()))
            if standing.live is None or each.view.at(standing.live).version != each.version:
                self._late.append(each)
        return wanted

    def _begin(self) -> None:
        """Say what is folded before folding it, and look again: whoever announces a view then either is seen or sees us."""
        wanted, before = self._wanted(), None
        while wanted != before:
            self._attend(wanted)
            wanted, before = self._wanted(), wanted
        self._take(wanted)
        self._looked = time.monotonic()

    def _take(self, wanted: _Wanted) -> None:
        self._projectors = [Projector(projection, self._views, view) for projection, view in wanted]
        self._stopped = {}
        self._count()

    def _count(self) -> None:
        self._counted = time.monotonic()
        for each in tuple(self._projectors):
            try:
                each.check_parked()
                _stopped.labels(each.projection.name).set(0)
            except TooManyParked as problem:
                self._stop(each, problem)

    def _may_go_on(self, projector: Projector[Any]) -> bool:
        try:
            projector.check_parked()
        except TooManyParked:
            return False
        return True

    def _stop(self, projector: Projector[Any], problem: TooManyParked) -> None:
        log.error("projection stopped", extra={"projection": projector.view.key, "reason": str(problem)})
        _stopped.labels(projector.projection.name).set(1)
        self._stopped[projector.view.key] = (projector, str(problem))
        self._projectors.remove(projector)

    def _same_views(self) -> bool:
        """Whether to go on. A flip and a retired view only change the order; for a new view the feed starts anew, at its checkpoints."""
        if time.monotonic() - self._looked < LOOK:
            return True
        if time.monotonic() - self._counted > COUNT:
            if any(self._may_go_on(each) for each, _ in self._stopped.values()):
                return False  # begin anew, at the checkpoints
            self._count()
        wanted = self._wanted()
        folding = {each.view.key: each for each in self._projectors}
        if any(view.key not in folding and view.key not in self._stopped for _, view in wanted):
            return False
        self._projectors = [folding[view.key] for _, view in wanted if view.key in folding]
        self._attend(wanted)
        self._looked = time.monotonic()
        return True

    def _attend(self, wanted: _Wanted) -> None:
        folding: dict[str, list[str]] = {}
        for _, view in wanted:
            folding.setdefault(view.name, []).append(view.key)
        self._views.attend(self._name, folding, ATTENDS)

    def _leave(self) -> None:
        try:
            self._views.attend(self._name, {}, 0)
        except Unavailable:
            pass  # it is forgotten after a while

    def _resume(self) -> Mapping[int, Checkpoint]:
        # The least advanced projection decides; the others drop what they have folded.
        merged: dict[int, Checkpoint] = {}
        counts: dict[int, int] = {}
        for projector in self._projectors:
            for part, each in projector.resume().items():
                counts[part] = counts.get(part, 0) + 1
                if part not in merged or each.sequence < merged[part].sequence:
                    merged[part] = each
        return {part: each for part, each in merged.items() if counts[part] == len(self._projectors)}

    def _flip(self) -> None:
        """Readers get this version's views, once they are no older than what readers have. Between views of one version, a rebuild
        flips."""
        for each in self._late:
            view, live = live_view(each, self._views), self._views.live(each.name)
            if live is None or (self._may_replace(each, live) and reaches(self._views, each, view, each.view.at(live))):
                self._views.flip(each.name, view.key)
        self._wanted()

    def _may_replace(self, projection: Projection[Any], live: str) -> bool:
        """A newer program takes an older one's place; an older one takes it back only when no newer one runs any more: in an update
        both run for a while, and readers must not be sent back and forth."""
        newer = projection.view.at(live).version > projection.version
        return not newer or not any(live in keys for keys in self._views.attending(projection.name).values())

    def _measure(self, caught_up: bool) -> None:
        self._waiting = self._feed.behind()
        for each in self._projectors:
            _lag.labels(each.projection.name).set(self._waiting)
            newest = max((c.at for c in each.checkpoints.values()), default=0.0)
            _age.labels(each.projection.name).set(0 if caught_up or not newest else max(0.0, time.time() - newest))
