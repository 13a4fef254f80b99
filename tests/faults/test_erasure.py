"""Properties 23 and 24: after a student is forgotten their words are nowhere, and counting goes on; over both deployments' own processes.

A canary, every word of whom is told from all others in any script, goes the whole way: import, plan, notes, free text, searches,
lists, a CSV export, a held package, a parked event. Then every byte that the platform keeps is searched, and every answer it gives.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from tests.e2e.conftest import free_port
from tests.e2e.house import distributed, standalone
from tests.faults.canary import ACCENTED, CORES, LATIN, NOTES
from tests.faults.journey import Journey
from tests.faults.resting import InFolder, OnEngines, Resting, commits
from waymark.events.catalogue.types import Sealed
from waymark.events.envelope import Event, Meta, Recorded
from waymark.events.keys import CACHE_SECONDS
from waymark.plans.views import student_rows
from waymark.tools.engines.ports import is_free

DISTRICT = "demo"


class Misshapen(Event, frozen=True, kw_only=True):
    """What calls itself an update and is none: every fold of updates parks it, with what is sealed in it."""

    type = "plans.item-updated.v1"
    mood: str
    note: Sealed | None = None


class Platform(Struct, frozen=True):
    journey: Journey
    resting: Resting

    def record(self, stream: str, event: Event) -> None:
        """Append to the stores of plans beside its processes."""
        with self.resting.store("plans") as store:
            known = max((each.last_version for each in store.read(stream, 0)), default=0)
            store.append(stream, self.journey.person, [event], known, f"by-test-{known}", Meta())

    def sealed(self) -> list[tuple[str, Sealed]]:
        """Everything about the canary that was ever sealed, by field."""
        return [
            (field, each)
            for commit in commits(self.resting)
            for recorded in commit.recorded()
            for field, each in _boxes(recorded)
            if each.about == self.journey.person
        ]

    def opened(self) -> list[str]:
        """What of it can be opened by whoever has the keyring and the master key."""
        with self.resting.keyring() as keyring:
            return [text for text in keyring.open_many([(each, field) for field, each in self.sealed()]) if text is not None]


def _boxes(recorded: Recorded) -> Iterator[tuple[str, Sealed]]:
    for field in recorded.event.__struct_fields__:
        value = getattr(recorded.event, field)
        if isinstance(value, Sealed):
            yield ("text" if field == "value" else field), value


@pytest.fixture(scope="module", params=["standalone", pytest.param("distributed", marks=[pytest.mark.mongodb, pytest.mark.kafka])])
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The real processes, with the canary in them; a parked event and a held package too."""
    folder: Path = tmp_path_factory.mktemp(request.param) / "data"
    if request.param == "standalone":
        with standalone(folder, free_port(), DISTRICT) as house:
            yield _walked(Platform(Journey(house), InFolder(folder)))
        return
    from tests.conftest import KAFKA, MONGODB
    from waymark.tools.engines import start_kafka, start_mongodb

    with start_kafka(folder.parent / "kafka") as broker, start_mongodb(folder.parent / "mongodb") as documents:
        engines = {MONGODB: documents.url, KAFKA: broker.bootstrap}
        with distributed(folder, _free_ports(), engines, DISTRICT) as house:
            yield _walked(Platform(Journey(house), OnEngines(folder, documents, broker)))


def _free_ports() -> int:
    """The first of those that the launcher takes (five, and the services' admin ports), away from where clients' ports are drawn."""
    while True:
        first = random.randrange(21_000, 28_000)
        if all(is_free(first + offset + each) for each in range(5) for offset in (0, 100, 200)):
            return first


def _walked(platform: Platform) -> Platform:
    person = platform.journey.person
    with platform.resting.keyring() as keyring:
        note = keyring.seal(person, "note", NOTES[1])
    platform.record(f"{DISTRICT}/plan/lost/{person}", Misshapen(mood="fine", note=note))
    assert platform.journey.leaving()["status"] == "held"
    with platform.resting.views("plans") as views:
        deadline = time.monotonic() + 20
        while not views.parked_streams(student_rows.view):
            assert time.monotonic() < deadline, "the misshapen event was not parked"
            time.sleep(0.1)
    return platform


@pytest.fixture(scope="module")
def before(platform: Platform) -> dict[str, Any]:
    """What was seen while the canary was known, and then forgotten."""
    journey = platform.journey
    seen = {
        "shown": {each.core for each in journey.shown()},
        "at rest": platform.resting.look(),
        "opened": platform.opened(),
        "bars": journey.bars(),
        "wrapped": platform.resting.wrapped(journey.person),
    }
    journey.forget()
    return seen


@pytest.mark.timeout(600)
def test_property_23_no_plaintext_anywhere_after_forget(platform: Platform, before: dict[str, Any]) -> None:
    journey = platform.journey
    assert before["shown"] == set(CORES), "the answers were looked through in vain, or the canary never got there"
    assert len(before["opened"]) >= 10
    # Names and notes do not rest in clear while somebody is known, either.
    assert before["at rest"].found == []
    assert min(before["at rest"].bytes.values()) > 1000

    begun = time.monotonic()
    entry = journey.answered()
    while shown := journey.shown():
        assert time.monotonic() - begun < CACHE_SECONDS, shown
        time.sleep(0.5)
    assert {each["service"]: each["erased"] for each in entry["services"]} == {
        "plans": {"names": 1, "texts": 4},
        "reporting": {"names": 1},
    }
    after = platform.resting.look()
    assert after.found == []
    assert platform.sealed(), "the ciphertext stays: it is the key that is gone"
    assert platform.opened() == []
    print(f"looked at {after.bytes}; {len(before['opened'])} texts opened before, none after")


@pytest.mark.timeout(600)
def test_property_24_folding_proceeds_and_counts_stay_right(platform: Platform, before: dict[str, Any]) -> None:
    journey = platform.journey
    journey.answered()
    assert journey.bars() == before["bars"]
    journey.update(journey.other, "overall", 3, "Goes on.")
    journey.update(journey.plan, "overall", 3, None)
    moved = journey.bars()
    was, now = ({each["code"]: each["count"] for each in bars["overall"]["segments"]} for bars in (before["bars"], moved))
    assert (now[3] - was[3], now[1] - was[1], now[2] - was[2]) == (2, -1, -1)
    assert moved["overall"]["n"] == before["bars"]["overall"]["n"]
    refused = journey.teacher.write("POST", f"/plans/v1/plans/{journey.plan}/items/i2/updates", {"value": 1, "note": "A word more."})
    assert 400 <= refused.status_code < 500, refused.text


@pytest.mark.timeout(600)
def test_a_later_import_is_reported_and_brings_nobody_back(platform: Platform, before: dict[str, Any]) -> None:
    journey = platform.journey
    journey.answered()
    state = journey.again()
    assert state["status"] == "completed"
    findings = journey.admin.read(f"/roster/v1/imports/{state['id']}/findings")["items"]
    assert "person-forgotten" in {each["code"] for each in findings}
    assert journey.shown() == []
    assert platform.resting.look().found == []
    assert platform.opened() == []


# ---- the same searches find what a broken platform would leave behind


@pytest.mark.timeout(600)
def test_broken_a_key_that_is_not_deleted_is_found(platform: Platform, before: dict[str, Any]) -> None:
    """As if the key had never been deleted."""
    journey = platform.journey
    platform.resting.give_back(journey.person, *before["wrapped"])
    try:
        assert len(platform.opened()) >= len(before["opened"])
        deadline = time.monotonic() + CACHE_SECONDS
        while not journey.shown():
            assert time.monotonic() < deadline, "the notes can be opened again, and no answer was found to show them"
            time.sleep(1)
    finally:
        with platform.resting.keyring() as keyring:
            keyring.forget(journey.person)


@pytest.mark.timeout(600)
def test_broken_a_word_in_clear_is_found_in_every_place_that_it_reaches(platform: Platform, before: dict[str, Any]) -> None:
    platform.record(f"{DISTRICT}/plan/leaked/{platform.journey.person}", Misshapen(mood=NOTES[0]))
    embedded = isinstance(platform.resting, InFolder)
    wanted = {"files"} if embedded else {"documents", "records", "MongoDB's folders", "Kafka's folder"}
    deadline = time.monotonic() + 30
    while (places := platform.resting.look().showing(LATIN)) != wanted:
        assert time.monotonic() < deadline, places


@pytest.mark.timeout(600)
def test_broken_what_was_written_and_deleted_again_is_found_in_the_engines_remnants(platform: Platform, before: dict[str, Any]) -> None:
    platform.resting.spill(f"spilt {ACCENTED} spilt".encode() * 20)
    beneath = "files" if isinstance(platform.resting, InFolder) else "MongoDB's folders"
    assert platform.resting.look().showing(ACCENTED) == {beneath}
