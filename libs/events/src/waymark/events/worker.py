"""The loop that keeps a service's projections of one feed up to date."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace
from prometheus_client import Gauge

from waymark.events.feed import Checkpoint, Feed
from waymark.events.project import Projection, Projector
from waymark.events.store import Unavailable
from waymark.events.views import View, Views

BATCH = 500  # records
FAR_BEHIND = 5000  # records that wait: then as many at once, so that a document which many of them touch is saved once
WAIT = 0.2  # seconds for the first record of a batch
PATIENCE = 10.0  # seconds, the longest pause between tries while something is away
LOOK = 2.0  # seconds between looks at which view is live (a rebuild flips it)
log = logging.getLogger(__name__)

_lag = Gauge("projection_lag_events", "Events known to wait", ["projection"])
_age = Gauge("projection_age_seconds", "Since the newest folded fact was recorded, while facts wait; else 0", ["projection"])
_stalled = Gauge("feed_unavailable", "1 while the feed or the views do not answer", ["source"])


def live_view(projection: Projection[Any], views: Views) -> View[Any]:
    """The view a worker of this program folds: the live one if it is of this version, else this version's first build."""
    view = projection.view
    key = views.live(view.name) or ""
    name, _, build = key.partition(".")
    return replace(view, build=int(build)) if name == view.key and build else view


class Worker:
    """Feeds projections of one source, over one feed, in one thread.

    A projection whose live view is of another version is built beside it, and readers are flipped to it when it has caught up.
    """

    def __init__(self, feed: Feed, projections: Sequence[Projection[Any]], views: Views) -> None:
        assert all(each.source == feed.source for each in projections)
        self._feed, self._projections, self._views = feed, projections, views
        self._projectors: list[Projector[Any]] = []
        self._looked = 0.0
        self._waiting = 0

    def run(self, stop: threading.Event) -> None:
        """Fold until `stop`. An outage is waited out with growing pauses; it parks nothing."""
        tries = 0
        while not stop.is_set():
            try:
                self._projectors = [Projector(each, self._views, live_view(each, self._views)) for each in self._projections]
                self._feed.start(self._resume)
                while not stop.is_set() and self._same_views():
                    self.step()
                    tries = 0
                    _stalled.labels(self._feed.source).set(0)
            except Unavailable as problem:
                tries += 1
                _stalled.labels(self._feed.source).set(1)
                log.warning("feed waits", extra={"source": self._feed.source, "reason": str(problem)})
                stop.wait(min(PATIENCE, 0.05 * 2**tries) * random.uniform(0.5, 1))  # noqa: S311 -- jitter, no secret
        self._feed.close()

    def step(self, wait: float = WAIT) -> int:
        """Fold the next batch into every projection; returns how many records it had."""
        batch = self._feed.poll(FAR_BEHIND if self._waiting >= FAR_BEHIND else BATCH, wait)
        for each in self._projectors:
            each.apply(batch)
        if not batch.records:
            self._flip()
        self._measure(caught_up=not batch.records)
        return len(batch.records)

    def catch_up(self) -> None:
        """Fold everything there is, then return. For tests, imports and first starts."""
        self._projectors = [Projector(each, self._views, live_view(each, self._views)) for each in self._projections]
        self._feed.start(self._resume)
        self._waiting = self._feed.behind()
        while self.step(wait=0) or self._waiting:
            pass  # a feed may need a while for its first records

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
        for each in self._projectors:
            if self._views.live(each.view.name) != each.view.key and self._feed.behind() == 0:
                self._views.flip(each.view.name, each.view.key)

    def _same_views(self) -> bool:
        if time.monotonic() - self._looked < LOOK:
            return True
        self._looked = time.monotonic()
        return all(live_view(each.projection, self._views).key == each.view.key for each in self._projectors)

    def _measure(self, caught_up: bool) -> None:
        self._waiting = self._feed.behind()
        for each in self._projectors:
            _lag.labels(each.projection.name).set(self._waiting)
            newest = max((c.at for c in each.checkpoints.values()), default=0.0)
            _age.labels(each.projection.name).set(0 if caught_up or not newest else max(0.0, time.time() - newest))
