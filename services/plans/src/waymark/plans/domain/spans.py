"""The runs of days on which an event changes how a student counts: computed here and nowhere else.

On each day an item has a *cell*: null, or place, hidden and value. An event's spans tell where the cells after it differ from
those before it, so that readers keep any bar, of any day, by folding -was +now at `since` and +was -now at `until`. The
definition of every word is in architecture.md, "How reporting counts".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import TypeVar

from msgspec.structs import replace

from waymark.events.catalogue.plans import PlanEvent
from waymark.events.catalogue.types import Cell, Sealed, Span
from waymark.plans.domain.plan import NOTHING, Begun, Item, Plan

T = TypeVar("T")
PLAN = ""
"""The item that stands for the plan itself: open or not, and where."""


def complete(before: Plan | None, event: PlanEvent, after: Plan | None, stream: str) -> PlanEvent:
    """The event with what no decision should have to mention: template and student (of the stream's name), and the spans."""
    _, _, template, student = stream.split("/")
    return replace(event, template=template, student=student, spans=tuple(spans(before, after)))


def spans(before: Plan | None, after: Plan | None) -> Iterable[Span]:
    """Where the cells of `after` differ from those of `before`; of neighbouring days with the same difference, one span."""
    for name in _touched(before, after):
        yield from _item_spans(name, before, after)


def cell(plan: Plan | None, name: str, day: date) -> Cell | None:
    """What an item of a plan counts as on a day, as far as is known."""
    if plan is None or not latest_begun(plan.turns, day):
        return None
    item = plan.items.get(name, NOTHING)
    hidden, value = latest_begun(item.hidings, day), _value(item, day)
    if name != PLAN and not hidden and value is None:
        return None
    place = latest_begun(plan.places, day)
    assert place is not None, "the assignment's place stands before every day"
    return Cell(place.school, place.grade, bool(hidden), value)


def latest_begun(facts: Begun[T], day: date) -> T | None:
    """The latest recorded of those that have begun on that day: a later record overrides everything from its date on."""
    return next((what for since, what in reversed(facts) if since <= day), None)


def _value(item: Item, day: date) -> int | float | bool | None:
    # An update keeps its own date for this order, even one before the assignment or in a closed time.
    known = bisect_right(item.updates, day, key=lambda update: update[0])
    if not known:
        return None
    value = item.updates[known - 1][1]
    return True if isinstance(value, Sealed) else value


def _touched(before: Plan | None, after: Plan | None) -> Iterable[str]:
    old, new = before.items if before else {}, after.items if after else {}
    if before and after and (before.turns, before.places) == (after.turns, after.places):
        return [name for name, item in new.items() if item != old.get(name)]
    return [PLAN, *sorted(old.keys() | new.keys())]


def _item_spans(name: str, before: Plan | None, after: Plan | None) -> Iterable[Span]:
    # Cells change on these days only. No plan is open before the first of them.
    days = sorted(_days(before, name) | _days(after, name))
    run: Span | None = None
    for since, until in pairwise([*days, None]):
        assert since is not None
        was, now = cell(before, name, since), cell(after, name, since)
        if run and (run.was, run.now) == (was, now):
            run = replace(run, until=until)
            continue
        if run:
            yield run
        run = Span(name, since, until, was, now) if was != now else None
    if run:
        yield run


def _days(plan: Plan | None, name: str) -> set[date]:
    if plan is None:
        return set()
    item = plan.items.get(name, NOTHING)
    return {since for facts in (plan.turns, plan.places, item.hidings, item.updates) for since, _ in facts}
