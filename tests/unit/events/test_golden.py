"""What was published once can be read for ever, and says the same from the store and from a topic."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from msgspec import Struct

from tests.unit.events.samples import FOLDER, Golden, golden
from waymark.events.catalogue import EVENTS, UPCASTERS, decode
from waymark.events.catalogue.meanings import PUBLISHED
from waymark.events.catalogue.schemas import schema
from waymark.events.cloud import incoming, outgoing
from waymark.events.envelope import Event

GOLDEN = golden()
PUBLISHED_NAMES = sorted({*EVENTS, *UPCASTERS})
DIGESTS = FOLDER / "SHA256SUMS"


def test_every_type_has_a_golden_file_and_every_file_a_type() -> None:
    assert sorted(GOLDEN) == PUBLISHED_NAMES


def test_golden_files_are_never_edited() -> None:
    committed = {name: digest for digest, name in (line.split() for line in DIGESTS.read_text().splitlines())}
    now = {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in FOLDER.glob("*.json")}
    assert now == committed, "a golden file may be added (with its line in SHA256SUMS), never changed"


@pytest.mark.parametrize("name", PUBLISHED_NAMES)
def test_a_golden_sample_decodes_and_is_written_the_same_again(name: str) -> None:
    for raw, event in zip(GOLDEN[name].samples, GOLDEN[name].events(name), strict=True):
        assert type(event) is EVENTS[name]
        assert msgspec.json.encode(event) == msgspec.json.format(raw, indent=-1)


@pytest.mark.parametrize("name", PUBLISHED_NAMES)
def test_a_golden_sample_keeps_to_its_closed_schema(name: str) -> None:
    shape = schema(EVENTS[name])
    Draft202012Validator.check_schema(shape)
    validator = Draft202012Validator(shape)
    for sample in GOLDEN[name].json():
        validator.validate(sample)
        assert not validator.is_valid({**sample, "misspelt": 1})


@pytest.mark.parametrize("name", PUBLISHED_NAMES)
def test_a_golden_sample_reads_the_same_from_the_store_and_from_a_topic(name: str) -> None:
    commit = GOLDEN[name].commit(name)
    from_store = list(commit.recorded())
    from_topic = [incoming(each.value, each.headers, each.partition) for each in outgoing(name.partition(".")[0], commit)]
    assert from_store == from_topic
    assert [each.event for each in from_store] == GOLDEN[name].events(name)


def test_an_old_version_is_upcast_the_same_at_both_edges(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = "roster.enrolment-stopped.v1", "roster.enrolment-ended.v1"
    monkeypatch.setitem(UPCASTERS, old, lambda said: (new, {"role" if name == "as" else name: each for name, each in said.items()}))
    file = msgspec.structs.replace(GOLDEN[new], samples=[msgspec.Raw(bytes(GOLDEN[new].samples[0]).replace(b'"role"', b'"as"'))])
    commit = file.commit(old)
    from_store = [each.event for each in commit.recorded()]
    assert from_store == [incoming(each.value, each.headers, each.partition).event for each in outgoing("roster", commit)]
    assert from_store == GOLDEN[new].events(new)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_golden_samples_stand_where_the_catalogue_says(name: str) -> None:
    pattern = re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", PUBLISHED[name].stream)
    found = re.fullmatch(pattern, GOLDEN[name].stream)
    assert found, (GOLDEN[name].stream, PUBLISHED[name].stream)
    ids = found.groupdict()
    assert GOLDEN[name].key == {"the person's id": ids.get("person"), "the student's id": ids.get("student")}.get(
        PUBLISHED[name].key, GOLDEN[name].stream
    )
    for event in GOLDEN[name].events(name):
        for field, each in ids.items():
            assert getattr(event, field, "") in ("", each), (name, field)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_golden_samples_use_every_field(name: str) -> None:
    used: set[tuple[str, str]] = set()
    for event in GOLDEN[name].events(name):
        _use(event, used)
    reached = {struct for struct, _ in used}
    wanted = {(each.__name__, field) for each in _structs(EVENTS[name]) if each.__name__ in reached for field in each.__struct_fields__}
    assert used >= wanted, f"no sample of {name} says {sorted(wanted - used)}"


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_no_golden_sample_shows_personal_text(name: str) -> None:
    for sample in GOLDEN[name].samples:
        for box in re.findall(rb'"box":\s*"([^"]*)"', bytes(sample)):
            assert len(box) > 36, "nonce and tag alone take 28 bytes"


# ---- what the samples are for: a struct that changes in a way its history does not bear fails


class Shorter(Event, frozen=True, kw_only=True):
    type = "roster.enrolment-ended.v1"
    person: str
    section: str
    school: str


class Longer(Shorter, frozen=True, kw_only=True):
    role: str
    reason: str


class Grown(Shorter, frozen=True, kw_only=True):
    role: str
    reason: str = ""


def test_a_field_added_without_a_default_cannot_read_what_was_published() -> None:
    (sample,) = GOLDEN["roster.enrolment-ended.v1"].samples
    with pytest.raises(msgspec.ValidationError, match="reason"):
        msgspec.json.decode(sample, type=Longer)


def test_a_removed_field_is_missed_when_the_sample_is_written_again() -> None:
    (sample,) = GOLDEN["roster.enrolment-ended.v1"].samples
    assert msgspec.json.encode(msgspec.json.decode(sample, type=Shorter)) != msgspec.json.format(sample, indent=-1)


def test_an_optional_field_more_reads_and_writes_what_was_published() -> None:
    (sample,) = GOLDEN["roster.enrolment-ended.v1"].samples
    assert msgspec.json.encode(msgspec.json.decode(sample, type=Grown)) == msgspec.json.format(sample, indent=-1)


def test_a_field_that_a_newer_program_added_is_left_out_by_this_one() -> None:
    """Closed for writers, tolerant for readers."""
    file: Golden = GOLDEN["roster.enrolment-ended.v1"]
    newer = msgspec.json.encode({**file.json()[0], "of_tomorrow": 1})
    assert decode("roster.enrolment-ended.v1", newer) == file.events("roster.enrolment-ended.v1")[0]


def _structs(kind: Any) -> set[type[Struct]]:
    _, components = msgspec.json.schema_components([kind], ref_template="{name}")
    known: dict[str, type[Struct]] = {}
    queue: list[type[Struct]] = [Struct]
    while queue:
        for each in queue.pop().__subclasses__():
            known[each.__name__] = each if each.__module__.startswith("waymark.events.catalogue") else known.get(each.__name__, each)
            queue.append(each)
    return {known[name] for name in components}


def _use(value: Any, used: set[tuple[str, str]]) -> None:
    """What a sample says of each struct within it: what is required, and what differs from its default."""
    if isinstance(value, Struct):
        for field in msgspec.structs.fields(value):
            inner = getattr(value, field.name)
            if field.required or inner != field.default:
                used.add((type(value).__name__, field.name))
            _use(inner, used)
    elif isinstance(value, dict):
        for inner in value.values():
            _use(inner, used)
    elif isinstance(value, tuple):
        for inner in value:
            _use(inner, used)
