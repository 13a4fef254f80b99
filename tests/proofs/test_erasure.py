"""Properties 23 and 24 of engine.md in small, on SQLite and in the bytes for a topic. tests/faults walks whole deployments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.faults.canary import ACCENTED, CYRILLIC, HAN, LATIN, in_files, within
from tests.proofs.proof import Variant, must, proof
from tests.unit.events.declarations import everything
from tests.unit.events.facts import some_views
from tests.unit.reporting.house import House
from waymark.events.catalogue.types import Sealed
from waymark.events.cloud import outgoing
from waymark.events.envelope import Recorded
from waymark.events.feed import StoreFeed
from waymark.events.keys import Keyring
from waymark.events.project import Projection
from waymark.events.views import System
from waymark.events.worker import Worker

Folds = dict[str, Projection[Any]]


class Told:
    """A district in which the canary and two others were told about, sealed by the real keyring."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.house = House(folder)
        self.district = self.house.district
        self.canary = self.district.student(given=LATIN, family=f"{ACCENTED} {HAN}", preferred=CYRILLIC)
        self.others = [self.district.student(given="Ann"), self.district.student(given="Ben")]
        for number, student in enumerate((self.canary, *self.others)):
            self.house.assign(student)
            self.house.update(student, "i1", (7, 1, 250)[number])
            self.house.update(
                student, "i3", self.district.keyring.seal(student, "text", f"Says: {HAN}" if student == self.canary else "Ok.")
            )

    def sealed(self) -> list[tuple[str, Sealed]]:
        return [each for recorded in self.recorded() for each in boxes(recorded)]

    def recorded(self) -> Iterable[Recorded]:
        for service in ("roster", "plans"):
            for commit in self.district.folder.store(service).scan(0, 10_000):
                yield from commit.recorded()

    def records(self) -> bytes:
        """Everything as a topic would hold it."""
        return b"\n".join(
            b"\n".join([each.key, each.value, *(value for _, value in each.headers)])
            for service in ("roster", "plans")
            for commit in self.district.folder.store(service).scan(0, 10_000)
            for each in outgoing(service, commit)
        )

    def folded(self, folds: Folds, name: str) -> tuple[dict[str, dict[str, Any]], list[str]]:
        """Each projection's documents, folded from the first event into a new file; and what was parked."""
        views, parked = some_views(self.folder.parent / name), list[str]()
        documents: dict[str, dict[str, Any]] = {}
        for key, projection in folds.items():
            if projection.source in ("roster", "plans"):
                own = replace(projection, name=key.replace("/", "_"))
                Worker(StoreFeed(self.district.folder.store(projection.source)), [own], views).catch_up()
                parked += views.parked_streams(own.view)
                documents[key] = dict(views.find(System(self.district.id), own.view, {}, None, None, 200).documents)
        return documents, parked


def boxes(recorded: Recorded) -> list[tuple[str, Sealed]]:
    values = ((field, getattr(recorded.event, field)) for field in recorded.event.__struct_fields__)
    return [("text" if field == "value" else field, each) for field, each in values if isinstance(each, Sealed)]


def in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sealed is only wrapped."""

    def seal_many(self: Keyring, texts: Any) -> list[Sealed]:
        self.keys.create({about for about, _, _ in texts})
        return [Sealed(about, text.encode()) for about, _, text in texts]

    monkeypatch.setattr(Keyring, "seal_many", seal_many)


def only_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody is said to be forgotten, and the key stays."""
    monkeypatch.setattr(Keyring, "forget", lambda self, person: self.drop(person))


@proof({"text is kept in the clear": in_the_clear, "the key stays": only_said})
def test_property_23_after_forget_no_plaintext_is_anywhere_and_nothing_opens(
    variant: Variant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variant(monkeypatch)
    told = Told(tmp_path / "data")
    told.district.forget(told.canary)
    folder = told.district.folder
    opened = Keyring(folder.keyring.keys).open_many([(each, field) for field, each in told.sealed() if each.about == told.canary])
    records = told.records()
    told.district.close()
    found = [*in_files([told.folder])[0], *within(records, "records")]
    assert len(opened) == 5
    must(not found, f"{len(found)} places show the canary, such as {found[0].where if found else ''}")
    must(not [each for each in opened if each is not None], "what was sealed about the forgotten can still be opened")


def as_declared(projection: Projection[Any], told: Told) -> Projection[Any]:
    return projection


def opening(projection: Projection[Any], told: Told) -> Projection[Any]:
    """A fold that opens what is sealed, and fails where it cannot be opened."""

    def evolved(key: str, document: Any, recorded: Recorded) -> Any:
        for field, each in boxes(recorded):
            if told.district.keyring.open(each, field) is None:
                raise KeyError(each.about)
        return projection.evolve(key, document, recorded)

    return replace(projection, evolve=evolved)


@proof({"a missing key is an error": lambda _: opening})
def test_property_24_after_forget_folding_proceeds_and_the_counts_stay_right(variant: Variant, tmp_path: Path) -> None:
    folding: Callable[[Projection[Any], Told], Projection[Any]] = variant(as_declared)
    told = Told(tmp_path / "data")
    folds = {name: folding(each, told) for name, each in everything().items()}
    before, _ = told.folded(folds, "before")
    told.district.forget(told.canary)
    after, parked = told.folded(folds, "after")
    told.district.close()
    counting = [name for name in before if name.startswith("reporting/")]
    assert any(before[name] for name in counting)
    must(not parked, f"{len(parked)} streams were parked by what could not be opened")
    must(all(after[name] == before[name] for name in counting), "counts are others than before")
