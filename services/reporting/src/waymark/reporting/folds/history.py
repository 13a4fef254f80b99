"""Histories: one document a plan, every fact with both its times and without any text, for the graph and the trend (P28)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

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
from waymark.events.catalogue.types import Sealed
from waymark.events.envelope import Recorded

Kind = Literal["assigned", "updated", "hidden", "shown", "completed", "removed", "reactivated", "moved"]
_KINDS: dict[type[object], Kind] = {
    StudentAssigned: "assigned",
    ItemUpdated: "updated",
    ItemHidden: "hidden",
    ItemShown: "shown",
    PlanCompleted: "completed",
    StudentRemoved: "removed",
    PlanReactivated: "reactivated",
    StudentMoved: "moved",
}


class Fact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fact of a plan. `value` is a level's code or points, null for text; `role` the author's."""

    kind: Kind
    effective: date
    recorded: datetime
    item: str = ""
    value: float | int | None = None
    role: str = ""
    school: str = ""
    grade: str = ""


class History(Struct, frozen=True, kw_only=True):
    """A plan's facts in the order in which they were recorded."""

    template: str
    student: str
    facts: tuple[Fact, ...] = ()

    def updates(self, item: str) -> list[Fact]:
        """An item's updates in order of (effective, recorded): the last one is current (P27)."""
        return sorted((each for each in self.facts if each.kind == "updated" and each.item == item), key=lambda each: each.effective)


def history_id(district: str, template: str, student: str) -> str:
    return f"{district}/history/{template}/{student}"


def history_ids(recorded: Recorded) -> Iterable[str]:
    event: PlanEvent = recorded.event  # type: ignore[assignment]  the projection takes these alone
    return (history_id(recorded.district, event.template, event.student),)


def fold(_key: str, history: History | None, recorded: Recorded) -> History | None:
    """The history with one more fact; none once the student was taken off before anything was said (P34)."""
    event: PlanEvent = recorded.event  # type: ignore[assignment]  the projection takes these alone
    if isinstance(event, StudentRemoved) and not event.kept:
        return None
    history = history or History(template=event.template, student=event.student)
    return replace(history, facts=(*history.facts, _fact(event, recorded.at)))


def _fact(event: PlanEvent, at: datetime) -> Fact:
    fact = Fact(kind=_KINDS[type(event)], effective=event.effective, recorded=at)
    if not isinstance(event, StudentMoved):
        fact = replace(fact, role=event.by.role)
    if isinstance(event, (ItemUpdated, ItemHidden, ItemShown)):
        fact = replace(fact, item=event.item)
    if isinstance(event, ItemUpdated):
        fact = replace(fact, value=None if isinstance(event.value, Sealed) else event.value)
    if isinstance(event, (StudentAssigned, StudentMoved, PlanReactivated)):
        fact = replace(fact, school=event.school, grade=event.grade)
    return fact
