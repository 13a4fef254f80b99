"""What plans kept of somebody who was forgotten: names in lists, and notes and texts, which nobody can open any more."""

from __future__ import annotations

from waymark.events.catalogue.plans import ItemUpdated, PersonErased
from waymark.events.catalogue.types import Sealed
from waymark.events.store import Store
from waymark.events.views import System, Views
from waymark.plans.streams import plan_stream
from waymark.plans.views import student_id, student_plans
from waymark.service.directory_folds import people, person_id
from waymark.service.erasing import Answer


def answer(store: Store, views: Views) -> Answer:
    """Counts, in documents that hold the fact already, and in the person's plans."""

    def erased(district: str, person: str, forgotten: int) -> PersonErased:
        counted = {"names": _names(views, district, person), "texts": _texts(store, views, district, person)}
        return PersonErased(person=person, forgotten=forgotten, erased={kind: count for kind, count in counted.items() if count})

    return erased


def _names(views: Views, district: str, person: str) -> int:
    return len(views.get(System(district), people.view, [person_id(district, person)]))


def _texts(store: Store, views: Views, district: str, person: str) -> int:
    plans = views.get(System(district), student_plans.view, [student_id(district, person)])
    return sum(
        isinstance(event.value, Sealed) + (event.note is not None)
        for each in plans.values()
        for template in each.plans
        for commit in store.read(plan_stream(district, template, person), 0)
        for event in (recorded.event for recorded in commit.recorded())
        if isinstance(event, ItemUpdated)
    )
