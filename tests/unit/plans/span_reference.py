"""The words of architecture.md ("How reporting counts", Spans) taken literally, day by day and fact by fact.

Written without looking at `domain/spans.py`: it knows nothing of timelines, breakpoints or current states.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from waymark.events.catalogue.plans import (
    ItemHidden,
    ItemShown,
    ItemUpdated,
    PlanCompleted,
    PlanEvent,
    PlanReactivated,
    StudentAssigned,
    StudentMoved,
    StudentRemoved,
)
from waymark.events.catalogue.types import Cell, Sealed, Span

Tally = dict[tuple[str, date], dict[Cell | None, int]]


def standing(events: Sequence[PlanEvent]) -> Sequence[PlanEvent]:
    """A plan removed with no update ever recorded is null on every day; a later assignment starts from nothing."""
    last = max((at for at, event in enumerate(events) if isinstance(event, StudentRemoved) and not event.kept), default=-1)
    return events[last + 1 :]


def true_cell(events: Sequence[PlanEvent], item: str, day: date) -> Cell | None:
    """What an item counts as on a day, as known after these events (in order of version)."""
    is_open = is_hidden = False
    place: tuple[str, str] | None = None
    value: int | float | bool | None = None
    value_day = date.min
    for event in standing(events):
        begun = event.effective <= day
        if isinstance(event, (StudentAssigned, PlanReactivated)) and begun:
            is_open = True
        if isinstance(event, (PlanCompleted, StudentRemoved)) and begun:
            is_open = False
        if isinstance(event, StudentAssigned) or (isinstance(event, (StudentMoved, PlanReactivated)) and begun):
            place = (event.school, event.grade)
        if isinstance(event, (ItemHidden, ItemShown)) and event.item == item and begun:
            is_hidden = isinstance(event, ItemHidden)
        if isinstance(event, ItemUpdated) and event.item == item and begun and event.effective >= value_day:
            value_day = event.effective
            value = True if isinstance(event.value, Sealed) else event.value
    if not is_open or place is None:
        return None
    if item == "":
        return Cell(*place, False, None)
    return Cell(*place, is_hidden, value) if is_hidden or value is not None else None


def fold(tally: Tally, spans: Sequence[Span]) -> None:
    """-was +now at `since`; +was -now at `until`."""
    for span in spans:
        for day, sign in ((span.since, 1), (span.until, -1)):
            if day is not None:
                change = tally.setdefault((span.item, day), {})
                change[span.now] = change.get(span.now, 0) + sign
                change[span.was] = change.get(span.was, 0) - sign


def folded_cells(tally: Tally, item: str, days: Sequence[date]) -> list[Cell | None]:
    """What a reader of the spans has counted for an item on each of these (consecutive) days. Fails when it is not one cell."""
    count: dict[Cell | None, int] = {None: 1}  # before the first day the student counts nowhere
    for (name, day), change in tally.items():
        if name == item and day < days[0]:
            _add(count, change)
    cells: list[Cell | None] = []
    for day in days:
        _add(count, tally.get((item, day), {}))
        found = [cell for cell, times in count.items() if times]
        assert len(found) == 1, f"{item!r} on {day}: counted as {count}"
        assert count[found[0]] == 1, f"{item!r} on {day}: counted as {count}"
        cells.append(found[0])
    return cells


def _add(count: dict[Cell | None, int], change: dict[Cell | None, int]) -> None:
    for cell, times in change.items():
        count[cell] = count.get(cell, 0) + times


def days_around(events: Sequence[PlanEvent]) -> list[date]:
    """Every day from two before the first fact to two after the last."""
    first = min(event.effective for event in events) - timedelta(days=2)
    last = max(event.effective for event in events) + timedelta(days=2)
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]
