"""Who was forgotten, and which service has said that it erased what it kept of them: a fold a topic, joined at the read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from waymark.events.catalogue import plans, reporting
from waymark.events.catalogue.roster import PersonForgotten
from waymark.events.envelope import Event, Recorded
from waymark.events.project import Projection
from waymark.events.views import System, Views


class Forgotten(Struct, frozen=True, kw_only=True):
    """Somebody was forgotten at `at`, by whom ("": on the command line). `rank` orders: the latest first."""

    person: str
    at: datetime
    by: str
    rank: int


class Answered(Struct, frozen=True, kw_only=True):
    """A service's answer: when, and how much it erased, by kind."""

    person: str
    at: datetime
    erased: dict[str, int]


class Erasure(Struct, frozen=True, kw_only=True):
    """A forgotten person, and the answer of each service; null: it has not answered yet."""

    forgotten: Forgotten
    answers: Mapping[str, Answered | None]


def _own_stream(recorded: Recorded) -> Iterable[str]:
    """The person's stream has the same name in every service's store."""
    return (recorded.stream,)


def _forgotten(_key: str, _known: Forgotten | None, recorded: Recorded) -> Forgotten:
    event = recorded.event
    assert isinstance(event, PersonForgotten)
    return Forgotten(person=event.person, at=recorded.at, by=event.by, rank=-recorded.sequence)


def _answered(_key: str, _known: Answered | None, recorded: Recorded) -> Answered:
    event = recorded.event
    assert isinstance(event, plans.PersonErased | reporting.PersonErased)
    return Answered(person=event.person, at=recorded.at, erased=event.erased)


forgotten_people: Final = Projection[Forgotten](
    name="forgotten_people",
    version=1,
    source="roster",
    types=(PersonForgotten,),
    document=Forgotten,
    keys=_own_stream,
    evolve=_forgotten,
    indexes=(("rank",),),
)


def _erased_by(service: str, answer: type[Event]) -> Projection[Answered]:
    return Projection[Answered](
        name=f"erased_by_{service}", version=1, source=service, types=(answer,), document=Answered, keys=_own_stream, evolve=_answered
    )


erased_by_plans: Final = _erased_by("plans", plans.PersonErased)
erased_by_reporting: Final = _erased_by("reporting", reporting.PersonErased)
ANSWERS: Final = (erased_by_plans, erased_by_reporting)


def erasures(views: Views, district: str, after: str | None, limit: int) -> tuple[list[Erasure], str | None]:
    """A page of the district's forgotten people, the latest first, and where the next one starts (as `Views.find`)."""
    system = System(district)
    page = views.find(system, forgotten_people.view, {}, "rank", after, limit)
    answers = {each.source: views.get(system, each.view, [key for key, _ in page.documents]) for each in ANSWERS}
    found = [
        Erasure(forgotten=one, answers={service: answered.get(key) for service, answered in answers.items()}) for key, one in page.documents
    ]
    return found, page.after
