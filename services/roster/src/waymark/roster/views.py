"""What the roster folds of its own events: what is known of each thing, for the next import to compare with, and the imports.

Documents have the ids of their streams, so that they can be read in the order in which the staging file is sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from waymark.events.catalogue import roster
from waymark.events.envelope import Event, Recorded
from waymark.events.project import Projection
from waymark.events.views import MAX_FOUND, System, View, Views
from waymark.roster.domain import importing, organisation, person, section
from waymark.roster.domain.importing import Import
from waymark.roster.domain.organisation import Organisation
from waymark.roster.domain.person import Person
from waymark.roster.domain.section import Section
from waymark.roster.erasures import ANSWERS, forgotten_people
from waymark.service.directory_folds import DIRECTORY

D = TypeVar("D")
S = TypeVar("S", Organisation, Section, Person)


class ImportListed(Struct, frozen=True, kw_only=True):
    """An import as lists show it. `at` is when the package first arrived; `version` is the stream's (the ETag)."""

    id: str
    version: int
    at: datetime
    state: Import


def own_stream(recorded: Recorded) -> Iterable[str]:
    """One document a stream, under the stream's id."""
    return (recorded.stream,)


def _folded(evolve: Callable[[S | None, Event], S | None]) -> Callable[[str, S | None, Recorded], S | None]:
    def fold(_: str, known: S | None, recorded: Recorded) -> S | None:
        state = evolve(known, recorded.event)
        return replace(state, version=recorded.version) if state else None

    return fold


def _import(key: str, listed: ImportListed | None, recorded: Recorded) -> ImportListed | None:
    state = importing.evolve(listed.state if listed else None, recorded.event)
    if state is None:
        return None
    at = listed.at if listed else recorded.at
    return ImportListed(id=key.rpartition("/")[2], version=recorded.version, at=at, state=state)


known_organisations: Projection[Organisation] = Projection(
    name="known_organisations",
    version=1,
    source="roster",
    types=(roster.OrganisationRecorded, roster.OrganisationRetired),
    document=Organisation,
    keys=own_stream,
    evolve=_folded(organisation.evolve),
)
known_sections: Projection[Section] = Projection(
    name="known_sections",
    version=1,
    source="roster",
    types=(roster.ClassRecorded, roster.ClassRetired),
    document=Section,
    keys=own_stream,
    evolve=_folded(section.evolve),
)
known_people: Projection[Person] = Projection(
    name="known_people",
    version=1,
    source="roster",
    types=(
        roster.PersonRecorded,
        roster.PersonDeactivated,
        roster.PersonForgotten,
        roster.RoleGranted,
        roster.RoleRevoked,
        roster.StudentPlaced,
        roster.StudentWithdrawn,
        roster.EnrolmentStarted,
        roster.EnrolmentEnded,
        roster.GuardianLinked,
        roster.GuardianUnlinked,
    ),
    document=Person,
    keys=own_stream,
    evolve=_folded(person.evolve),
)
imports: Projection[ImportListed] = Projection(
    name="imports",
    version=1,
    source="roster",
    types=(roster.ImportReceived, roster.ImportHeld, roster.ImportApproved, roster.ImportCompleted, roster.ImportRefused),
    document=ImportListed,
    keys=own_stream,
    evolve=_import,
)

KNOWN: Final[tuple[Projection[Any], ...]] = (known_organisations, known_sections, known_people)
"""What an import compares with: it waits until these have folded everything."""
OWN: Final[tuple[Projection[Any], ...]] = (*KNOWN, imports, forgotten_people, *DIRECTORY)
"""Folds of this service's own events."""
PROJECTIONS: Final[tuple[Projection[Any], ...]] = (*OWN, *ANSWERS)


def everything(views: Views, district: str, view: View[D]) -> Iterator[tuple[str, D]]:
    """Every document of a district, in the order of ids, read in batches."""
    after: str | None = None
    while True:
        page = views.find(System(district), view, {}, None, after, MAX_FOUND)
        yield from page.documents
        if (after := page.after) is None:
            return
