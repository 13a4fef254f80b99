"""Where one student stands on one template: what the lists show of a plan."""

from __future__ import annotations

from datetime import date
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from waymark.events.catalogue.plans import (
    OVERALL,
    ItemUpdated,
    Outcome,
    PlanCompleted,
    PlanEvent,
    PlanReactivated,
    StudentAssigned,
    StudentMoved,
    StudentRemoved,
)
from waymark.events.catalogue.types import Place
from waymark.events.envelope import Recorded


class Row(Struct, frozen=True, array_like=True, gc=False):  # many of them, and none can hold a circle
    """`placed` is the version of the fact that set the place, `updated` when anybody last did anything (epoch seconds).

    `overall` is the overall status's current value and `effective` its date; null: not yet updated.
    """

    status: Outcome
    school: str
    grade: str
    placed: int
    updated: float
    overall: int | float | None = None
    effective: date | None = None

    @property
    def place(self) -> Place:
        return Place(self.school, self.grade)


def next_row(row: Row | None, recorded: Recorded) -> Row | None:
    """What an event of the plan makes of its row; None: nothing is left to list (P34)."""
    event = cast(PlanEvent, recorded.event)
    at = recorded.at.timestamp()
    if isinstance(event, StudentAssigned):
        return Row("open", event.school, event.grade, recorded.version, at)
    if row is None:
        raise ValueError(f"{event.type} before an assignment")
    if isinstance(event, StudentMoved):  # nobody did anything: `updated` stays
        return replace(row, school=event.school, grade=event.grade, placed=recorded.version)
    row = replace(row, updated=at)
    match event:
        case ItemUpdated(item=item) if item == OVERALL:
            return row if row.effective and row.effective > event.effective else _judged(row, event)
        case PlanCompleted():
            return replace(row, status="completed")
        case StudentRemoved():
            return replace(row, status="removed") if event.kept else None
        case PlanReactivated():
            return replace(row, status="open", school=event.school, grade=event.grade, placed=recorded.version)
        case _:
            return row


def _judged(row: Row, event: ItemUpdated) -> Row:
    assert isinstance(event.value, (int, float)), "an overall status is never free text"
    return replace(row, overall=event.value, effective=event.effective)
