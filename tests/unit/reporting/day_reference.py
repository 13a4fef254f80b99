"""What bars and lists must say, found the slow way: every student, day and fact for itself, from what the events mean.

Knows neither spans nor sheets. A day is asked as far as is known after all events; `date.max` is "now".
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from waymark.events.catalogue.plans import (
    ItemHidden,
    ItemShown,
    ItemUpdated,
    PlanCompleted,
    PlanReactivated,
    StudentAssigned,
    StudentMoved,
    StudentRemoved,
)
from waymark.events.catalogue.types import Sealed
from waymark.events.envelope import Recorded

Counts = Callable[[str, "Standing"], bool]


class Standing(Struct, frozen=True):
    """A student whose plan is open on the day. `values`: of items that were ever judged; text is true."""

    school: str
    grade: str
    hidden: frozenset[str]
    values: Mapping[str, float | bool]


def by_student(records: Sequence[Recorded]) -> dict[str, list[Recorded]]:
    streams: dict[str, list[Recorded]] = {}
    for each in records:
        streams.setdefault(each.key, []).append(each)
    return streams


def standing(stream: Sequence[Recorded], day: date) -> Standing | None:
    """Where a student stood on that day; None when the plan was not open then."""
    events: list[Any] = [each.event for each in stream]
    for at in range(len(events), 0, -1):
        last = events[at - 1]
        if isinstance(last, StudentRemoved) and not last.kept:
            events = events[at:]  # nothing had ever been said: as if the plan had not been
            break
    begun = [event for event in events if event.effective <= day]
    turns = [event for event in begun if isinstance(event, (StudentAssigned, PlanReactivated, PlanCompleted, StudentRemoved))]
    if not turns or isinstance(turns[-1], (PlanCompleted, StudentRemoved)):
        return None
    first = next(event for event in events if isinstance(event, StudentAssigned))
    place = [first, *(event for event in begun if isinstance(event, (StudentMoved, PlanReactivated)))][-1]
    marks = {event.item: isinstance(event, ItemHidden) for event in begun if isinstance(event, (ItemHidden, ItemShown))}
    # sorted() keeps the order of recording among updates of the same day
    updates = sorted((event for event in begun if isinstance(event, ItemUpdated)), key=lambda event: event.effective)
    values = {event.item: True if isinstance(event.value, Sealed) else event.value for event in updates}
    return Standing(place.school, place.grade, frozenset(item for item, is_hidden in marks.items() if is_hidden), values)


def all_standing(records: Sequence[Recorded], day: date, counts: Counts) -> dict[str, Standing]:
    """Everybody with an open plan on the day who counts, by student."""
    stands = {student: standing(stream, day) for student, stream in by_student(records).items()}
    return {student: each for student, each in stands.items() if each is not None and counts(student, each)}


def newest(records: Sequence[Recorded], day: date, counted: Mapping[str, Standing]) -> datetime | None:
    """Of the last facts that made a difference to those counted, as of that day, when the newest was recorded."""
    times: list[datetime] = []
    for student in counted:
        stream = by_student(records)[student]
        changed = [each.at for at, each in enumerate(stream) if _seen(stream[: at + 1], day) != _seen(stream[:at], day)]
        times.append(changed[-1])
    return max(times, default=None)


def _seen(stream: Sequence[Recorded], day: date) -> object:
    stands = standing(stream, day) if stream else None
    return stands and (stands.school, stands.grade, stands.hidden, sorted(stands.values.items()))


def segment(stands: Mapping[str, Standing], item: str, which: str | int) -> set[str]:
    """The students behind a segment of an item's bar."""
    if which == "hidden":
        return {student for student, each in stands.items() if item in each.hidden}
    shown = {student: each for student, each in stands.items() if item not in each.hidden}
    if which == "not-yet":
        return {student for student, each in shown.items() if item not in each.values}
    if which == "answered":
        return {student for student, each in shown.items() if item in each.values}
    return {student for student, each in shown.items() if each.values.get(item) == which}
