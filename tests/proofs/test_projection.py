"""Properties 13 to 17 of engine.md: what projecting promises, over both kinds of views."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from tests.contract.adapters import OnMongo, OnSqlite
from tests.integration.tales import WHOLE, Tale, fold, tales
from tests.integration.threads import eventually, running
from tests.proofs.proof import Variant, must, proof
from tests.proofs.schedules import (
    AroundViews,
    CheckpointFirst,
    WithoutGraves,
    WithoutMarks,
    WithoutRevisions,
    batch,
    beyond,
    drive,
)
from tests.unit.events.facts import STAFF
from waymark.events.catalogue.roster import RoleGranted, RoleRevoked
from waymark.events.envelope import PARTITIONS, Event, Recorded, partition
from waymark.events.feed import Batch, Checkpoint
from waymark.events.park import parked_record, retry
from waymark.events.project import Projection, Projector
from waymark.events.store import Unavailable
from waymark.events.views import Held, View, Views
from waymark.events.worker import Worker

TALES = tales("roster")
SEEDS = range(4)


def recorded(events: Sequence[tuple[str, Event]]) -> list[Recorded]:
    """(person, event) pairs in the order of their positions."""
    versions: dict[str, int] = {}
    facts: list[Recorded] = []
    for position, (person, event) in enumerate(events, 1):
        versions[person] = versions.get(person, 0) + 1
        facts.append(
            Recorded(
                event=event,
                stream=f"d/person/{person}",
                version=versions[person],
                key=person,
                partition=partition(person, PARTITIONS),
                position=position,
                index=0,
                at=datetime.fromtimestamp(position, UTC),
            )
        )
    return facts


def some_facts(chance: Random) -> list[Recorded]:
    people = [chance.choice("pqrst") for _ in range(40)]
    return recorded([(person, RoleGranted(person=person, role="teacher", org=str(at))) for at, person in enumerate(people)])


def truth(facts: Sequence[Recorded]) -> dict[str, Tale]:
    """The facts folded one after the other, without an engine."""
    documents: dict[str, Tale] = {}
    for each in facts:
        for key in (f"d/tale/{each.key}", WHOLE):
            documents[key] = fold(key, documents.get(key), each)
    return documents


def documents(views: Views, projection: Projection[Any], ids: Collection[str]) -> dict[str, Any]:
    return {key: held.document for key, held in views.load(projection.view, ids).items() if held.document is not None}


ALL = [WHOLE, *(f"d/tale/{person}" for person in "pqrst")]


def of_seed(projection: Projection[Any], seed: int) -> Projection[Any]:
    """A view of its own for each schedule."""
    return replace(projection, name=f"{projection.name}{seed}")


# ---- views and workers broken for 16 and 17


class WithoutParked(AroundViews):
    """Nobody remembers which streams are parked."""

    def parked_streams(self, view: View[Any]) -> Mapping[str, int]:
        return {}


class ByThePartition(AroundViews):
    """What was unparked into a document is guarded by the partition's mark alone."""

    def load(self, view: View[Any], ids: Collection[str]) -> dict[str, Held[Any]]:
        loaded = self.real.load(view, ids)
        return {key: replace(held, parked=dict.fromkeys(STREAMS, max(held.marks.values(), default=0))) for key, held in loaded.items()}


class WithoutParkedMarks(AroundViews):
    """A document does not say which parked events are folded into it."""

    def load(self, view: View[Any], ids: Collection[str]) -> dict[str, Held[Any]]:
        return {key: replace(held, parked={}) for key, held in self.real.load(view, ids).items()}


STREAMS = [f"d/person/{person}" for person in "xyz"]


class Forgetting(AroundViews):
    """Dies once between folding an unparked event and taking it out of the lot."""

    died = False

    def unpark(self, view: View[Any], stream: str, through: int) -> None:
        if not self.died:
            self.died = True
            raise ConnectionError
        self.real.unpark(view, stream, through)


class Away(AroundViews):
    """Does not answer the first times that documents are asked for."""

    times = 3

    def load(self, view: View[Any], ids: Collection[str]) -> dict[str, Held[Any]]:
        if self.times:
            self.times -= 1
            raise Unavailable("the database is away")
        return self.real.load(view, ids)


class Once:
    """A feed that brings these facts, after its source was away for a while."""

    source = "roster"

    def __init__(self, facts: Sequence[Recorded]) -> None:
        self._facts, self._waiting, self._away = facts, list[Recorded](), 2

    def start(self, resume: Callable[[], Mapping[int, Checkpoint]]) -> None:
        self._waiting = beyond(self._facts, resume())

    def poll(self, limit: int, timeout: float) -> Batch:
        if self._away:
            self._away -= 1
            raise Unavailable("the broker is away")
        taken, self._waiting = self._waiting[:7], self._waiting[7:]
        return batch(taken)

    def behind(self) -> int:
        return len(self._waiting)

    def close(self) -> None: ...


def parking_in_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong while folding is taken for poison."""
    apply = Projector.apply

    def applied(self: Projector[Any], batch: Batch) -> None:
        try:
            apply(self, batch)
        except Unavailable as problem:
            parked = [parked_record(each, str(problem)) for each in batch.records]
            self._views.save(self.view, self.projection.source, (), parked, batch.checkpoints)

    monkeypatch.setattr(Projector, "apply", applied)


class ProjectionProperties:
    """Give `views`, fresh."""

    @proof(
        {
            "documents without marks": WithoutMarks,
            "saving over whatever stands": WithoutRevisions,
            "the checkpoint before the documents": CheckpointFirst,
        }
    )
    def test_property_13_after_any_schedule_documents_equal_the_reference_fold(self, variant: Variant, views: Views) -> None:
        for seed in SEEDS:
            projection, facts = of_seed(TALES, seed), some_facts(Random(seed))
            for _ in drive(projection, views, variant, facts, Random(seed)):
                pass
            found, expected = documents(views, projection, ALL), truth(facts)
            wrong = [key for key in ALL if found.get(key) != expected.get(key)]
            must(not wrong, f"seed {seed}: {wrong[:1]} is not the fold of its facts")

    @proof({"documents without marks": WithoutMarks})
    def test_property_14_no_intermediate_document_is_beyond_the_truth(self, variant: Variant, views: Views) -> None:
        for seed in SEEDS:
            projection, facts = of_seed(TALES, seed), some_facts(Random(seed))
            for delivered in drive(projection, views, variant, facts, Random(seed)):
                told = truth(delivered)
                for key, tale in documents(views, projection, ALL).items():
                    known = told.get(key, Tale())
                    must(tale.count <= known.count, f"seed {seed}: {key} counts {tale.count} of {known.count}")
                    must(tale.told == known.told[: len(tale.told)], f"seed {seed}: {key} tells what never was")

    @proof({"no grave is left": WithoutGraves})
    def test_property_15_what_was_deleted_stays_deleted(self, variant: Variant, views: Views) -> None:
        there, gone = RoleGranted(person="p", role="teacher", org="school"), RoleRevoked(person="p", role="teacher", org="school")
        facts = recorded([("p", there), ("p", gone)])
        Projector(STAFF, variant(views)).apply(batch(facts))
        must(not documents(views, STAFF, ["d/staff/school"]), "it was not deleted")
        Projector(STAFF, variant(views)).apply(batch(facts[:1]))  # a zombie, whose checkpoint is old
        must(not documents(views, STAFF, ["d/staff/school"]), "a late worker brought a deleted document back")
        again = recorded([("p", there), ("p", gone), ("p", there)])
        Projector(STAFF, variant(views)).apply(batch(again))
        must(documents(views, STAFF, ["d/staff/school"]), "made anew, it does not come back")

    @proof(
        {
            "nobody remembers what is parked": WithoutParked,
            "unparking goes by the partition's mark": ByThePartition,
            "unparked events leave no mark": WithoutParkedMarks,
        }
    )
    def test_property_16_poison_stops_its_own_stream_and_unparking_gives_the_reference_fold(self, variant: Variant, views: Views) -> None:
        broken: Views = variant(views)
        people = "xyxzpxqypxzq"
        facts = recorded([(person, RoleGranted(person=person, role="teacher", org=str(at))) for at, person in enumerate(people)])

        def poisoned(key: str, tale: Tale | None, fact: Recorded) -> Tale:
            if fact.stream in STREAMS and fact.version == 1:
                raise ValueError("cannot fold this one")
            return fold(key, tale, fact)

        ids = [WHOLE, *(f"d/tale/{person}" for person in "xyzpq")]
        for part in (facts[:7], facts[7:]):
            projector = Projector(replace(TALES, evolve=poisoned), broken)
            projector.resume()
            projector.apply(batch(part))
        others = [each for each in facts if each.stream not in STREAMS]
        must(documents(views, TALES, ids) == truth(others), "an event beside or behind the poisoned ones is amiss")
        must(set(views.parked_streams(TALES.view)) == set(STREAMS), f"parked are {sorted(views.parked_streams(TALES.view))}")
        dying: Any = Forgetting(broken)
        for stream in STREAMS:
            for _ in range(3):
                try:
                    retry(TALES, TALES.view, dying, stream)
                except ConnectionError:
                    continue
        Projector(TALES, broken).apply(batch(facts))  # and everything is sent again
        found = documents(views, TALES, ids)
        counts = {key: (document.count, sorted(document.told)) for key, document in found.items()}
        expected = {key: (document.count, sorted(document.told)) for key, document in truth(facts).items()}
        must(counts == expected, f"unparked, the documents count {found[WHOLE].count} facts of {len(facts)}")
        must(all(found[key].told == tale.told for key, tale in truth(facts).items()), "unparked out of order")
        must(not views.parked_streams(TALES.view), "something is still parked")

    @proof({"an outage is taken for poison": parking_in_an_outage})
    def test_property_17_an_outage_parks_nothing(self, variant: Variant, views: Views, monkeypatch: pytest.MonkeyPatch) -> None:
        variant(monkeypatch)
        facts = some_facts(Random(0))
        away: Any = Away(views)
        reached = max(each.sequence for each in facts)
        with running(Worker(Once(facts), [TALES], away).run):
            ends = lambda: views.checkpoints(TALES.view, "roster").values()
            assert eventually(lambda: any(each.sequence == reached for each in ends()), seconds=15)
        must(not views.parked_streams(TALES.view), f"{len(views.parked_streams(TALES.view))} streams were parked by an outage")
        must(documents(views, TALES, ALL) == truth(facts), "an outage lost events")


class TestSqlite(OnSqlite, ProjectionProperties):
    ON = "SQLite"


@pytest.mark.mongodb
class TestMongo(OnMongo, ProjectionProperties):
    ON = "MongoDB"
