"""Properties 21 and 22 of engine.md, and evolution: what was published once is read for ever, the same at both edges."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import Struct
from msgspec.structs import replace

from tests.proofs.proof import Variant, Violated, must, proof
from tests.unit.events import declarations, test_golden
from tests.unit.events.facts import a_store, some_views
from tests.unit.events.samples import FOLDER, Golden, golden
from waymark.events import catalogue
from waymark.events.appender import Pending
from waymark.events.catalogue import EVENTS, UPCASTERS, decode
from waymark.events.catalogue import __main__ as command
from waymark.events.catalogue.roster import DistrictDescribed
from waymark.events.cloud import incoming, outgoing
from waymark.events.envelope import Commit, Event, Meta, Recorded, Undecodable
from waymark.events.feed import Batch, Checkpoint
from waymark.events.project import Projection, Projector
from waymark.events.views import System

GOLDEN = golden()
ENDED = "roster.enrolment-ended.v1"
Edge = Callable[[Commit], list[Recorded]]


class Longer(Event, frozen=True, kw_only=True):
    """EnrolmentEnded with a field more, which what was published does not have."""

    type = ENDED
    person: str
    section: str
    school: str
    role: str
    title: str


class Shorter(Event, frozen=True, kw_only=True):
    """EnrolmentEnded without its role."""

    type = ENDED
    person: str
    section: str
    school: str


def reading_as(kind: type[Event]) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda monkeypatch: monkeypatch.setitem(catalogue.__dict__["_decoders"], ENDED, msgspec.json.Decoder(kind))


def publishing_as(kind: type[Event]) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda monkeypatch: monkeypatch.setattr(command, "EVENTS", {**EVENTS, ENDED: kind})


# ---- 21: what was published decodes, and the build holds it to that


@proof({"a required field more": reading_as(Longer), "a field less": reading_as(Shorter)})
def test_property_21_every_golden_sample_decodes_and_says_the_same_again(variant: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    variant(monkeypatch)
    assert len(GOLDEN) >= 35
    for name, file in GOLDEN.items():
        for raw in file.samples:
            try:
                event = decode(name, raw)
            except Undecodable as problem:
                raise Violated(f"a sample of {name} cannot be read any more: {problem}") from problem
            must(msgspec.json.encode(event) == msgspec.json.format(raw, indent=-1), f"a sample of {name} loses something when it is read")


def edited(folder: Path) -> None:
    file = folder / f"{ENDED}.json"
    file.write_text(file.read_text().replace('"role"', '"role" '))


def removed(folder: Path) -> None:
    (folder / f"{ENDED}.json").unlink()


@proof({"a sample edited": edited, "a sample removed": removed})
def test_property_21_a_changed_golden_file_fails_the_build(variant: Variant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "golden")
    variant(copy)
    monkeypatch.setattr(test_golden, "FOLDER", copy)
    monkeypatch.setattr(test_golden, "DIGESTS", copy / "SHA256SUMS")
    try:
        test_golden.test_golden_files_are_never_edited()
    except AssertionError as refused:
        raise Violated(str(refused).splitlines()[0]) from refused


@proof({"a required field more": publishing_as(Longer), "a field less": publishing_as(Shorter)})
def test_property_21_an_incompatible_schema_fails_the_build(variant: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    variant(monkeypatch)
    said = command.broken(command.CHECKOUT)
    must(not said, "; ".join(said))


@proof(
    {
        "another fold": lambda ours: replace(ours, evolve=lambda _key, _document, _recorded: None),
        "another type wanted": lambda ours: replace(ours, types=ours.types[1:]),
        "an older version": lambda ours: replace(ours, version=ours.version - 1),
    }
)
def test_property_21_a_changed_projection_without_a_new_version_fails_the_build(variant: Variant) -> None:
    for name, each in declarations.everything().items():
        now = {name: declarations.declared(variant(each))}
        said = list(declarations.unversioned(declarations.committed(), now))
        must(not said, "; ".join(said))


# ---- both read edges


def stored(folder: Path, commit: Commit) -> Commit:
    """The commit as a real store gives it back, its bytes as they were published."""
    store = a_store(folder, f"s{abs(hash(commit.stream)) % 10**9}")
    known = max((each.last_version for each in store.read(commit.stream, 0)), default=0)
    pending = Pending(
        commit.stream, commit.key, [DistrictDescribed(name="", time_zone="UTC", locale="en")], 0, commit.commit_id, commit.meta
    )
    pending.body, pending.count, pending.expected = commit.body, commit.count, known
    store._appender.append(pending)
    *_, last = store.read(commit.stream, 0)
    store.close()
    return last


def from_store(commit: Commit) -> list[Recorded]:
    return list(commit.recorded())


def from_topic(commit: Commit) -> list[Recorded]:
    """Through the bytes of Kafka records."""
    return [incoming(each.value, each.headers, each.partition) for each in outgoing("roster", commit)]


def without_upcasting(commit: Commit) -> list[Recorded]:
    """An edge that reads each event as it was written."""
    read = from_topic(commit)
    raws = [bytes(each.value) for each in outgoing("roster", commit)]
    names = [dict(each.headers)["ce_type"].decode() for each in outgoing("roster", commit)]
    return [replace(each, event=decode(name, raw, {})) for each, name, raw in zip(read, names, raws, strict=True)]


def without_time(commit: Commit) -> list[Recorded]:
    """An edge that knows when an event was recorded to the second."""
    return [replace(each, at=each.at.replace(microsecond=0)) for each in from_topic(commit)]


def folded(projection: Projection[Any], recorded: Sequence[Recorded]) -> dict[str, object]:
    """What a fold makes of these, each by itself and in a row: the documents, or what it raises."""
    said: dict[str, object] = {}
    documents: dict[str, Any] = {}
    for each in recorded:
        try:
            for key in projection.keys(each):
                documents[key] = projection.evolve(key, documents.get(key), each)
        except Exception as problem:  # noqa: BLE001 -- a sample alone may be nothing that a fold can go on
            said[f"{each.version}"] = repr(problem)
    return said | documents


@pytest.mark.timeout(60)
@proof({"one edge knows the time to the second": lambda edges: {**edges, "topic": without_time}})
def test_property_22_every_sample_folds_the_same_from_the_store_and_from_a_topic_for_every_projection(
    variant: Variant, tmp_path: Path
) -> None:
    edges: Mapping[str, Edge] = variant({"store": from_store, "topic": from_topic})
    compared = 0
    for name, file in GOLDEN.items():
        commit = stored(tmp_path, file.commit(name))
        read = {edge: each(commit) for edge, each in edges.items()}
        for projection in declarations.everything().values():
            if EVENTS[name] in projection.types:
                compared += 1
                must(
                    folded(projection, read["store"]) == folded(projection, read["topic"]),
                    f"{projection.name} folds {name} differently from the store and from a topic",
                )
        must(read["store"] == read["topic"], f"{name} reads differently from the store and from a topic")
    assert compared > 50


# ---- 22: a type with an older version


class SizeMeasured(Event, frozen=True, kw_only=True):
    """A test's own type; version 1 said the size in one word, `3x4`."""

    type = "roster.size-measured.v2"
    thing: str
    width: int
    height: int


OLD, NEW = "roster.size-measured.v1", SizeMeasured.type


def upcast(old: dict[str, object]) -> tuple[str, dict[str, object]]:
    width, _, height = str(old["size"]).partition("x")
    return NEW, {"thing": old["thing"], "width": int(width), "height": int(height)}


class Sizes(Struct, frozen=True):
    area: int = 0
    things: tuple[str, ...] = ()


def fold_size(_key: str, sizes: Sizes | None, recorded: Recorded) -> Sizes:
    assert isinstance(recorded.event, SizeMeasured)
    known, size = sizes or Sizes(), recorded.event
    return Sizes(known.area + size.width * size.height, (*known.things, size.thing))


SIZES = Projection(
    name="sizes", version=1, source="roster", types=(SizeMeasured,), document=Sizes, keys=lambda _: ["d/sizes"], evolve=fold_size
)


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Commit:
    """A commit with an event of each version, as bytes."""
    monkeypatch.setitem(EVENTS, NEW, SizeMeasured)
    monkeypatch.setitem(catalogue.__dict__["_decoders"], NEW, msgspec.json.Decoder(SizeMeasured))
    monkeypatch.setitem(UPCASTERS, OLD, upcast)
    file = Golden(stream="d/thing/1", key="d/thing/1", samples=[msgspec.Raw(b'{"thing":"a","size":"3x4"}')])
    both = [[OLD, {"thing": "a", "size": "3x4"}], [NEW, {"thing": "b", "width": 2, "height": 5}], [OLD, {"thing": "c", "size": "1x1"}]]
    return replace(file.commit(OLD), body=msgspec.json.encode(both), count=3, meta=Meta())


@proof(
    {
        "the topic's edge does not upcast": lambda edges: {**edges, "topic": without_upcasting},
        "the store's edge does not upcast": lambda edges: {**edges, "store": without_upcasting},
    }
)
def test_property_22_upcasting_is_the_same_at_both_edges(variant: Variant, published: Commit, tmp_path: Path) -> None:
    edges: Mapping[str, Edge] = variant({"store": from_store, "topic": from_topic})
    commit = stored(tmp_path, published)
    for edge, read in edges.items():
        recorded = read(commit)
        must([type(each.event) for each in recorded] == [SizeMeasured] * 3, f"the {edge}'s edge gives an old version")
        views = some_views(tmp_path, edge)
        ends = {each.partition: Checkpoint(sequence=each.sequence, offset=0, topic="t") for each in recorded}
        Projector(SIZES, views).apply(Batch(records=recorded, checkpoints=ends))
        must(views.get(System("d"), SIZES.view, ["d/sizes"]) == {"d/sizes": Sizes(23, ("a", "b", "c"))}, f"the {edge}'s documents differ")
