"""What differs between a staged package and what is known, stream by stream."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

from msgspec import Struct

from waymark.events.envelope import Event, Meta
from waymark.events.keys import Keyring
from waymark.events.store import NewCommit
from waymark.roster import streams
from waymark.roster.domain import organisation, section
from waymark.roster.domain.organisation import Organisation
from waymark.roster.domain.person import Person, depart, differences
from waymark.roster.domain.section import Section
from waymark.roster.importing.identities import Recorder, RunSeal, forgotten, told
from waymark.roster.importing.intend import intended
from waymark.roster.importing.places import Places
from waymark.roster.importing.said import Coverage, Said, said_of
from waymark.roster.package.findings import Finding, Report
from waymark.roster.staging.rows import StagedRow

T = TypeVar("T")
MOST_EVENTS = 400  # a commit
PAGE = 500  # people at once
_NAMESPACE = uuid.UUID("6a0e4c1e-6f3b-4d0e-9a55-9f1f3f0f7a11")


class Change(Struct, frozen=True):
    """What happens to one stream that stands at version `expected`."""

    stream: str
    key: str
    expected: int
    events: Sequence[Event]


class Standing(Struct, frozen=True):
    """One person: what is known, and the staged rows."""

    person: str
    known: Person | None
    rows: Sequence[StagedRow]


def commits(change: Change, package: str, meta: Meta) -> list[NewCommit]:
    """A change as commits, more than one only where it has very many events.

    Their ids follow from the package and from where the stream stands, so that an import which is run again repeats itself.
    """
    made: list[NewCommit] = []
    expected = change.expected
    for start in range(0, len(change.events), MOST_EVENTS):
        events = change.events[start : start + MOST_EVENTS]
        commit_id = str(uuid.uuid5(_NAMESPACE, f"{package}\0{change.stream}\0{expected}"))
        made.append(NewCommit(stream=change.stream, key=change.key, events=events, expected=expected, commit_id=commit_id, meta=meta))
        expected += len(events)
    return made


def place_changes(district: str, places: Places, organisations: dict[str, Organisation], sections: dict[str, Section]) -> Iterator[Change]:
    """The changes of organisations, then of classes."""
    for said in places.said_orgs.values():
        before = organisations.get(said.org)
        events = organisation.record(before, said.org, said.name, said.kind, said.parent)
        yield _own(streams.organisation(district, said.org), before, events)
    for org in places.gone_orgs:
        before = organisations.get(org)
        yield _own(streams.organisation(district, org), before, organisation.retire(before, org))
    for described in places.said_sections.values():
        known = sections.get(described.section)
        yield _own(streams.section(district, described.section), known, section.record(known, described))
    for gone in places.gone_sections:
        known = sections.get(gone)
        yield _own(streams.section(district, gone), known, section.retire(known, gone))


def _own(stream: str, known: Organisation | Section | None, events: Sequence[Event]) -> Change:
    return Change(stream, stream, known.version if known else 0, events)


class PeoplePlan(Struct, frozen=True, kw_only=True):
    """Decides what happens to people, a page at a time."""

    district: str
    places: Places
    coverage: Coverage
    seal: RunSeal
    keyring: Keyring
    today: date

    def changes(self, people: Sequence[Standing], record: Recorder, report: Report) -> list[Change]:
        """The changes of these people's streams; empty where nothing differs. Raises PersonForgotten when somebody is forgotten
        meanwhile."""
        gone = forgotten(self.keyring, [each.person for each in people])
        said = {each.person: said_of(each.person, each.rows, self.coverage) for each in people}
        telling = {
            each.person: told(user, self.seal)
            for each in people
            if (user := said[each.person].user) is not None and said[each.person].standing == "present" and each.person not in gone
        }
        digests = {each.person: each.known.digest if each.known and each.known.active else "" for each in people}
        recorded = record(telling, digests)
        changes: list[Change] = []
        for each in people:
            theirs = said[each.person]
            if theirs.standing == "gone":
                events = depart(each.person, each.known, self.today)
            elif each.person in gone:
                events = []
                _report_forgotten(theirs, report)
            elif theirs.standing == "unsaid" and not (each.known and each.known.active):
                events = []
            else:
                wanted = intended(each.known, theirs, recorded.get(each.person), self.places, self.coverage.users, self.today)
                events = differences(each.person, each.known, wanted, self.today)
            expected = each.known.version if each.known else 0
            changes.append(Change(streams.person(self.district, each.person), each.person, expected, events))
        return changes


def _report_forgotten(said: Said, report: Report) -> None:
    if said.number:
        message = "This person was forgotten on request. Nothing about them is taken from a roster again."
        report(Finding(file="users.csv", row=said.number, code="person-forgotten", severity="refused", message=message))


def joined(known: Iterator[tuple[str, Person]], staged: Iterator[tuple[str, list[StagedRow]]]) -> Iterator[Standing]:
    """Both sides in the order of ids, side by side."""
    left, right = next(known, None), next(staged, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[0] < right[0]):
            assert left is not None
            yield Standing(left[0], left[1], ())
            left = next(known, None)
        elif left is None or right[0] < left[0]:
            yield Standing(right[0], None, right[1])
            right = next(staged, None)
        else:
            yield Standing(left[0], left[1], right[1])
            left, right = next(known, None), next(staged, None)


def pages(things: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    rest = iter(things)
    while page := list(islice(rest, size)):
        yield page
