"""What reporting kept of somebody who was forgotten: a name in its directory. Its counts never told who they counted."""

from __future__ import annotations

from waymark.events.catalogue.reporting import PersonErased
from waymark.events.views import System, Views
from waymark.service.directory_folds import people, person_id
from waymark.service.erasing import Answer


def answer(views: Views) -> Answer:
    """Counts in documents that hold the fact already."""

    def erased(district: str, person: str, forgotten: int) -> PersonErased:
        names = len(views.get(System(district), people.view, [person_id(district, person)]))
        return PersonErased(person=person, forgotten=forgotten, erased={"names": names} if names else {})

    return erased
