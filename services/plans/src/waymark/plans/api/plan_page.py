"""One plan as it is answered: every update and note with its author, everything else that happened, and what may be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from waymark.events.catalogue.plans import (
    OVERALL,
    ItemHidden,
    ItemShown,
    ItemUpdated,
    PlanCompleted,
    PlanReactivated,
    StudentAssigned,
    StudentMoved,
    StudentRemoved,
)
from waymark.events.catalogue.types import Author, Sealed
from waymark.events.envelope import Event, Recorded
from waymark.plans.api.scales import scale_body
from waymark.plans.api.students import school_ref
from waymark.plans.api.templates import template_content
from waymark.plans.domain.template import Template, items_of
from waymark.plans.history import History
from waymark.service.context import ports
from waymark.service.directory import REDACTED_NAME, Name
from waymark.service.directory_folds import Org
from waymark.service.scope import Scope

TEXT: Final = "text"
NOTE: Final = "note"
"""The fields under which an update's words are sealed."""
KINDS: Final[Mapping[type[Event], str]] = {
    StudentAssigned: "assigned",
    PlanCompleted: "completed",
    StudentRemoved: "removed",
    PlanReactivated: "reactivated",
    StudentMoved: "moved",
    ItemHidden: "hidden",
    ItemShown: "shown",
}


class Words:
    """What a page needs opened or looked up, in one trip each: names, schools, sealed texts."""

    def __init__(self, caller: Scope, history: History) -> None:
        directory, events = ports().directory, [each.event for each in history.facts]
        authors = {by.person for by in (getattr(event, "by", None) for event in events) if by is not None}
        self.names: Mapping[str, Name] = directory.names(caller, {history.plan.student, *authors})
        schools = {event.school for event in events if isinstance(event, (StudentAssigned, PlanReactivated, StudentMoved))}
        self.schools: Mapping[str, Org] = directory.orgs(caller, schools | {history.plan.place.school})
        sealed = list(_sealed(events))
        opened = ports().keyring.open_many(sealed)
        self._texts = {(each.box, field): text for (each, field), text in zip(sealed, opened, strict=True)}

    def text(self, sealed: object, field: str) -> str | None:
        return self._texts[sealed.box, field] if isinstance(sealed, Sealed) else None

    def author(self, by: Author) -> dict[str, Any]:
        return {"id": by.person, "name": self.name(by.person).display, "role": by.role}

    def name(self, person: str) -> Name:
        return self.names.get(person, REDACTED_NAME)


def plan_page(caller: Scope, template: Template, history: History) -> dict[str, Any]:
    """The answer. A removal that left nothing answers status `removed` and no items (P34)."""
    plan, words = history.plan, Words(caller, history)
    name = words.name(plan.student)
    is_open = plan.status == "open" and not history.vanished
    return {
        "id": f"{template.id}.{plan.student}",
        "template": template_content(template.content)
        | {"id": template.id, "scales": {name: scale_body(name, scale) for name, scale in template.scales.items()}},
        "student": {"id": plan.student, "name": name.display, "family_name": name.family},
        "school": school_ref(plan.place.school, words.schools),
        "grade": plan.place.grade,
        "status": "removed" if history.vanished else plan.status,
        "version": history.version,
        "items": {} if history.vanished else {item: _item(history, item, words) for item in _items(template)},
        "events": [_event(each, words) for each in history.facts if type(each.event) in KINDS],
        "may": {
            "update": is_open,
            "customise": is_open and template.content.customisable,
            "complete": is_open,
            "remove": is_open,
            "reactivate": not is_open and not history.vanished,
        },
    }


def _items(template: Template) -> Iterator[str]:
    yield OVERALL
    yield from (item.id for item in items_of(template.content))


def _item(history: History, item: str, words: Words) -> dict[str, Any]:
    updates = [_update(event, recorded, words) for event, recorded in history.updates(item)]
    return {"hidden": history.plan.item(item).hidden, "current": updates[0] if updates else None, "updates": updates}


def _update(event: ItemUpdated, recorded: Recorded, words: Words) -> dict[str, Any]:
    return {
        "value": None if isinstance(event.value, Sealed) else event.value,
        "text": words.text(event.value, TEXT),
        "note": words.text(event.note, NOTE),
        "effective": event.effective,
        "recorded": recorded.at,
        "by": words.author(event.by),
    }


def _event(recorded: Recorded, words: Words) -> dict[str, Any]:
    event: Any = recorded.event
    by, school = getattr(event, "by", None), getattr(event, "school", None)
    return {
        "kind": KINDS[type(event)],
        "item": getattr(event, "item", None),
        "effective": event.effective,
        "recorded": recorded.at,
        "by": words.author(by) if by else None,
        "school": school_ref(school, words.schools) if school else None,
        "grade": getattr(event, "grade", None),
    }


def _sealed(events: list[Event]) -> Iterator[tuple[Sealed, str]]:
    for event in events:
        if isinstance(event, ItemUpdated):
            if isinstance(event.value, Sealed):
                yield event.value, TEXT
            if event.note is not None:
                yield event.note, NOTE
