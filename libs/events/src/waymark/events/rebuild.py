"""Build a projection anew from the first event, beside the live view, and give it to readers once it is known to be right.

Each step leaves behind what the next one starts from, so whoever is killed runs it again and it goes on:
build (documents and checkpoints of the next build), compare, announce (the candidate stands), folded in step by the workers,
flip. From then on the old view stands as the previous one, folded on for a rollback, until it is retired.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

from waymark.events.feed import Checkpoint, Feed
from waymark.events.project import Projection, Projector
from waymark.events.standing import SEEN_SECONDS, Standing
from waymark.events.views import Held, View, Views
from waymark.events.worker import folded_views, reaches

BATCH = 5000  # records
NEAR = 500  # records that wait: under steady writes a build is at the end when no more do
ROUNDS = 20  # batches, after which a build that is near the end is not awaited to reach it
COMPARED = 500  # documents at once
PATIENCE = 60.0  # seconds without any progress of the workers
LOOK = 0.1  # seconds between looks at how far the workers are

Progress = Callable[[int, int], object]
"""Called after each batch with how many records are folded and how many wait."""
Wait = Callable[[float], object]


class Verdict(Struct, frozen=True, kw_only=True):
    """What comparing two views said. Only documents with equal marks say anything: the others, which the live view folded
    further meanwhile, are counted as not compared. `different` and `parked` (streams that only the new view could not fold)
    stop a rebuild."""

    compared: int
    not_compared: int
    different: tuple[str, ...] = ()
    parked: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return not self.different and not self.parked


class Different(Exception):
    """The new view says something else than the live one; nothing was flipped. `verdict` names the documents."""

    def __init__(self, view: str, verdict: Verdict) -> None:
        super().__init__(f"{view}: {len(verdict.different)} documents differ, {len(verdict.parked)} streams could not be folded")
        self.view, self.verdict = view, verdict


class NoProgress(Exception):
    """The workers did not get on with what was waited for. Nothing is lost: run it again."""


class NotPossible(Exception):
    """There is nothing to go back to, or another program's version is live."""


def rebuild(
    projection: Projection[Any],
    feed: Feed,
    views: Views,
    progress: Progress,
    *,
    accept: bool = False,
    told: Callable[[Verdict], object] = lambda _: None,
    wait: Wait = time.sleep,
) -> View[Any]:
    """Returns the view that readers now get. The old one stands as the previous one until it is retired.

    `feed` is the rebuild's own (on Kafka in a group of its own), `told` hears the verdict before anything is flipped, `accept`
    flips in spite of differences: where the live view was damaged they are what the rebuild is for. Raises Different,
    UnknownEvent (an event that this program does not know), NoProgress, NotPossible, Unavailable; nothing is flipped then, and
    running it again goes on where it stopped.
    """
    live = _live(projection, views.standing(projection.name))
    view = projection.view.at(_candidate(projection, views) or views.begin(projection.view))
    projector = Projector(projection, views, view, strict=True)
    views.prepare(live)
    try:
        feed.start(projector.resume)
        _build(projector, feed, progress)
        _passed(projection, view, live, views, wait)
        verdict = compare(view, live, views)
        told(verdict)
        if not (verdict.good or accept):
            raise Different(view.key, verdict)
        _build(projector, feed, progress)  # what came meanwhile: the workers need not go back far
    finally:
        feed.close()
    views.announce(view.name, view.key)
    hand_over(projection, view, views, wait)
    return view


def abandon(projection: Projection[Any], views: Views, wait: Wait = time.sleep) -> list[str]:
    """Drop what a rebuild has built and not yet flipped to; returns the keys. The next rebuild begins anew."""
    standing = views.standing(projection.name)
    views.announce(projection.name, None)
    return _dropped(projection, views, {standing.building, standing.candidate} - {standing.live, standing.previous}, wait)


def rollback(projection: Projection[Any], views: Views, wait: Wait = time.sleep) -> View[Any]:
    """Readers get the previous view again; the live one stands as the previous one. Raises NotPossible, NoProgress."""
    standing = views.standing(projection.name)
    if standing.previous is None:
        raise NotPossible(f"{projection.name}: there is no previous view to go back to")
    view = projection.view.at(standing.previous)
    if view.version != projection.version:
        raise NotPossible(f"{view.key} is folded by programs of another version: start such a program, and it takes its own view")
    hand_over(projection, view, views, wait)
    return view


def retire(projection: Projection[Any], views: Views, wait: Wait = time.sleep) -> list[str]:
    """Drop the previous view, and what is left of those before it; returns their keys. Raises NoProgress."""
    name = projection.name
    gone = {views.standing(name).previous, *views.built(name)}
    views.retire(name)
    standing = views.standing(name)
    gone -= {standing.live, standing.building, *(each.key for each in folded_views(projection, standing, 0))}
    return _dropped(projection, views, gone, wait)


def _dropped(projection: Projection[Any], views: Views, gone: Collection[str | None], wait: Wait) -> list[str]:
    keys = sorted(each for each in gone if each)
    if keys:
        _patiently(lambda: not any(key in keys for folded in views.attending(projection.name).values() for key in folded), lambda: 0, wait)
        wait(2 * SEEN_SECONDS)  # until every process reads the live view
    for key in keys:
        views.drop(projection.view.at(key))
    return keys


def _candidate(projection: Projection[Any], views: Views) -> str | None:
    """A candidate of this version that was announced by a rebuild which then was killed."""
    key = views.standing(projection.name).candidate
    return key if key and projection.view.at(key).version == projection.version else None


def _build(projector: Projector[Any], feed: Feed, progress: Progress) -> None:
    """Fold on to the end, or near to it where others go on writing. Raises UnknownEvent, Unavailable."""
    folded, near = 0, 0
    while near < ROUNDS:
        batch = feed.poll(BATCH, 0)
        projector.apply(batch)
        folded += len(batch.records)
        waiting = feed.behind()
        if batch.records:
            progress(folded, waiting)
            near += waiting < NEAR
        elif waiting == 0:
            return


def compare(view: View[Any], live: View[Any], views: Views) -> Verdict:
    """Every document of the new view with the live one's, where their marks are equal."""
    compared, not_compared, different = 0, 0, list[str]()
    after = ""
    while page := views.scan(view, after, COMPARED):
        after = page[-1][0]
        beside = views.load(live, [key for key, _ in page])
        for key, held in page:
            other: Held[Any] | None = beside.get(key)
            if other is None or other.marks != held.marks:
                not_compared += 1
            else:
                compared += 1
                if other.document != held.document:
                    different.append(key)
    parked = sorted(views.parked_streams(view).keys() - views.parked_streams(live).keys())
    return Verdict(compared=compared, not_compared=not_compared, different=tuple(different), parked=tuple(parked))


def hand_over(projection: Projection[Any], view: View[Any], views: Views, wait: Wait = time.sleep) -> None:
    """Flip readers to a standing view once every worker folds it before the live one, and it has reached what readers have seen.

    Where no worker runs, nothing moves, and having reached it is enough. Raises NoProgress.
    """
    live = _live(projection, views.standing(projection.name))

    def in_step() -> bool:
        folding = views.attending(view.name).values()
        before = all(_before(view.key, live.key, keys) for keys in folding if live.key in keys)
        return before and reaches(views, projection, view, live)

    if view.key != live.key:
        _patiently(in_step, lambda: views.checkpoints(view, projection.source), wait)
    views.flip(view.name, view.key)


def _before(key: str, other: str, keys: Sequence[str]) -> bool:
    return key in keys and keys.index(key) < keys.index(other)


def _live(projection: Projection[Any], standing: Standing) -> View[Any]:
    if standing.live is None:
        return projection.view
    live = projection.view.at(standing.live)
    if live.version != projection.version:
        raise NotPossible(f"{live.key} is live, and this program builds version {projection.version}: its worker does so by itself")
    return live


def _passed(projection: Projection[Any], view: View[Any], live: View[Any], views: Views, wait: Wait) -> None:
    """Wait until the live view has folded what the paused one has, as long as workers fold it."""

    def passed() -> bool:
        return not views.attending(view.name) or reaches(views, projection, live, view)

    _patiently(passed, lambda: views.checkpoints(live, projection.source), wait)


def _patiently(true: Callable[[], bool], moved: Callable[[], Mapping[int, Checkpoint] | int], wait: Wait) -> None:
    """Wait until it is true; raises NoProgress when nothing has moved for a minute."""
    since, before = time.monotonic(), moved()
    while not true():
        if (now := moved()) != before:
            since, before = time.monotonic(), now
        if time.monotonic() - since > PATIENCE:
            raise NoProgress("the workers have not moved for a minute; when they do, run it again")
        wait(LOOK)
