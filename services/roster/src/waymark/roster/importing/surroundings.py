"""What an import stands on: the service's ports, its settings, and the questions it asks of what is known."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from waymark.events.decide import Aggregate, decide, load
from waymark.events.envelope import Event, Meta
from waymark.events.feed import StoreFeed
from waymark.events.keys import Keyring
from waymark.events.store import Store
from waymark.events.views import System, View, Views
from waymark.events.worker import Worker
from waymark.roster import streams
from waymark.roster.domain import district as districts
from waymark.roster.domain import importing
from waymark.roster.domain.district import District
from waymark.roster.domain.importing import Import
from waymark.roster.domain.organisation import Organisation
from waymark.roster.domain.person import Person
from waymark.roster.domain.section import Section
from waymark.roster.package.archive import Limits
from waymark.roster.views import KNOWN, ImportListed, everything, imports, known_organisations, known_people, known_sections

D = TypeVar("D")
IMPORT: Aggregate[Import] = Aggregate(evolve=importing.evolve)
DISTRICT: Aggregate[District] = Aggregate(evolve=districts.evolve)


class Surroundings(Struct, frozen=True, kw_only=True):
    """`folder` holds a folder a district, with the ledgers and scratch files of its imports. `described` is the district's record
    where none was published yet. More than `share` of the students leave only with approval. `login_field` is the column of
    users.csv that a sign-in token's `sub` equals."""

    store: Store
    views: Views
    keyring: Keyring
    clock: Callable[[], datetime]
    folder: Path
    described: District
    share: float = 0.1
    login_field: str = "sourcedId"
    limits: Limits = Limits()

    def today(self, district: str) -> date:
        """The district's date."""
        record, _ = load(self.store, streams.district(district), DISTRICT)
        return self.clock().astimezone(districts.zone_of(record or self.described)).date()

    def catch_up(self) -> None:
        """Fold everything recorded so far into what imports compare with. Safe beside a worker that does the same."""
        Worker(StoreFeed(self.store), KNOWN, self.views).catch_up()

    def organisations(self, district: str) -> dict[str, Organisation]:
        return self._by_id(district, known_organisations.view)

    def sections(self, district: str) -> dict[str, Section]:
        return self._by_id(district, known_sections.view)

    def people(self, district: str) -> Iterator[tuple[str, Person]]:
        """Everybody known, in the order of ids."""
        return ((streams.last_part(key), each) for key, each in everything(self.views, district, known_people.view))

    def these_people(self, district: str, people: Collection[str]) -> dict[str, Person]:
        found = self.views.get(System(district), known_people.view, [streams.person(district, each) for each in people])
        return {streams.last_part(key): each for key, each in found.items()}

    def record(self, district: str, ident: str, meta: Meta, decision: Callable[[Import | None], list[Event]]) -> Import | None:
        """Decide on an import's own stream; returns what it is then."""
        return decide(self.store, streams.package_import(district, ident), IMPORT, decision, str(uuid.uuid4()), meta).state

    def state(self, district: str, ident: str) -> Import | None:
        """What an import's own stream says."""
        return load(self.store, streams.package_import(district, ident), IMPORT)[0]

    def ledger(self, district: str, ident: str) -> Path:
        """Where an import's report stands."""
        return self.folder / district / f"{ident}.ledger"

    def listed(self, district: str, ident: str) -> ImportListed | None:
        """An import from its own stream, up to date; None for an unknown one and for a dry run."""
        listed: ImportListed | None = None
        stream = streams.package_import(district, ident)
        for commit in self.store.read(stream, 0):
            for recorded in commit.recorded():
                listed = imports.evolve(stream, listed, recorded)
        return listed

    def all_imports(self, district: str) -> Iterator[ImportListed]:
        """The district's imports as far as the view has folded them."""
        return (each for _, each in everything(self.views, district, imports.view))

    def describe(self, district: str, meta: Meta) -> int:
        """Publish the district's record if there is none; returns how many events that took."""

        def decision(known: District | None) -> list[Event]:
            made = self.described
            return [] if known else districts.describe(known, made.name or district, made.time_zone, made.locale)

        stream = streams.district(district)
        decided = decide(self.store, stream, DISTRICT, decision, str(uuid.uuid4()), meta)
        return 1 if decided.appended else 0

    def _by_id(self, district: str, view: View[D]) -> dict[str, D]:
        return {streams.last_part(key): each for key, each in everything(self.views, district, view)}
