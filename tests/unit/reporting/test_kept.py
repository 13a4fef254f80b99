"""What is kept in memory is what stands in the views, whatever was written meanwhile and in whatever order."""

import time
from collections.abc import Mapping
from math import isnan
from pathlib import Path
from random import Random

import pytest
from msgspec import Struct
from msgspec.structs import replace

from tests.unit.reporting.folded_district import Folding
from tests.unit.reporting.house import House
from tests.unit.reporting.plan_histories import happened, random_acts
from waymark.events.envelope import Recorded
from waymark.events.feed import Checkpoint
from waymark.events.project import Projection
from waymark.events.rebuild import rebuild
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.views import SqliteViews
from waymark.events.views import Change
from waymark.reporting.counting import current, past
from waymark.reporting.counting.chunk import Chunk, numbers
from waymark.reporting.kept import Kept
from waymark.reporting.views import past_rows, sheets


class Note(Struct, frozen=True):
    subject: str
    partition: int
    text: str


class Notes(Struct, frozen=True):
    """A join that shows what it was given."""

    texts: Mapping[str, str]
    nbytes: int = 100


def joined(before: Notes | None, changed: Mapping[str, Note | None]) -> Notes:
    texts = {key: text for key, text in (before.texts if before else {}).items() if key not in changed}
    return Notes(texts | {key: note.text for key, note in changed.items() if note is not None})


def nothing(key: str, document: Note | None, recorded: Recorded) -> Note | None:
    raise AssertionError("these documents are saved by hand")


NOTES = Projection[Note](
    name="notes",
    version=1,
    source="plans",
    types=(),
    document=Note,
    keys=lambda _: (),
    evolve=nothing,
    indexes=(("subject", "partition"),),
)


class Desk:
    """Notes saved by hand, mark by mark."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "views.db", "NORMAL", ("synchronous=OFF",))
        self.views = SqliteViews(self.database, "desk")
        self.views.prepare(NOTES.view)
        self.kept = Kept(self.views, NOTES, joined, 10**9)

    def save(self, key: str, text: str | None, mark: int, subject: str = "a", part: int = 0) -> None:
        held = self.views.load(NOTES.view, [key]).get(key)
        note = None if text is None else Note(subject, part, text)
        change = Change(id=key, document=note, marks={part: mark}, parked={}, revision=held.revision if held else 0)
        assert not self.views.save(NOTES.view, "plans", [change], (), {})

    def reach(self, sequence: int, part: int = 0) -> None:
        self.views.save(NOTES.view, "plans", (), (), {part: Checkpoint(sequence=sequence, offset=sequence, topic="plans")})

    def read(self, subject: str = "a", district: str = "d") -> dict[str, str]:
        return {key: text for part in self.kept.of(district, subject=subject).values() for key, text in part.texts.items()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_document_of_an_unordered_batch_is_not_missed(desk: Desk) -> None:
    desk.reach(1)
    assert desk.read() == {}
    desk.reach(2)
    desk.save("d/n/1", "later mark, saved first", mark=5)
    assert desk.read() == {"d/n/1": "later mark, saved first"}
    desk.save("d/n/2", "earlier mark, saved last", mark=3)
    desk.reach(5)
    assert set(desk.read()) == {"d/n/1", "d/n/2"}


def test_a_document_that_is_gone_is_gone(desk: Desk) -> None:
    kept = Kept(desk.views, NOTES, joined, 10**9, by_partition=False)
    desk.save("d/n/1", "here", mark=1)
    desk.reach(1)
    assert kept.of("d")[0].texts == {"d/n/1": "here"}
    desk.save("d/n/1", None, mark=2)
    desk.reach(2)
    assert kept.of("d")[0].texts == {}


def test_subjects_and_districts_do_not_mix(desk: Desk) -> None:
    for key, subject in (("d/n/1", "a"), ("d/n/2", "b"), ("e/n/1", "a")):
        desk.save(key, key, mark=1, subject=subject)
    desk.reach(1)
    assert [list(desk.read("a")), list(desk.read("b")), list(desk.read("a", "e")), list(desk.read("c"))] == [
        ["d/n/1"],
        ["d/n/2"],
        ["e/n/1"],
        [],
    ]


def test_those_asked_for_longest_ago_go_first_when_there_is_too_much(desk: Desk) -> None:
    small = Kept(desk.views, NOTES, joined, 250)
    for subject in "abc":
        desk.save(f"d/n/{subject}", subject, mark=1, subject=subject)
    desk.reach(1)
    kept = {subject: small.of("d", subject=subject) for subject in "aabc"}
    assert small.of("d", subject="c")[0] is kept["c"][0]
    assert small.of("d", subject="b")[0] is kept["b"][0]
    again = small.of("d", subject="a")
    assert again[0] is not kept["a"][0]
    assert again[0] == kept["a"][0]


def test_what_has_not_moved_is_not_joined_again(desk: Desk) -> None:
    desk.save("d/n/1", "x", mark=1)
    desk.reach(1)
    first = desk.kept.of("d", subject="a")[0]
    desk.reach(9)
    assert desk.kept.of("d", subject="a")[0] is first


def test_after_a_rebuild_the_new_documents_are_read(house: House) -> None:
    students = [house.district.student() for _ in range(3)]
    house.assign(*students)
    admin = house.district.administrator()
    assert house.read(admin, "/templates/t1/bars")["n"] == 3
    rebuild(sheets, house.district.folder.feeds["plans"](), house.ports.views, lambda _folded, _waiting: None)
    assert house.ports.views.live("sheets") == "sheets@1.1"
    house.update(students[0], "overall", 1)
    bar = house.read(admin, "/templates/t1/bars")["overall"]
    assert (bar["n"], [each["count"] for each in bar["segments"]]) == (3, [0, 1, 0])


def test_nothing_of_the_old_view_outlives_a_rebuild_by_another_process(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waymark.events.standing.SEEN_SECONDS", 0.1)
    second = replace(NOTES.view, build=1)
    desk.save("d/n/1", "as the old build folded it", mark=5)
    desk.reach(5)
    desk.views.flip("notes", NOTES.view.key)
    assert desk.read() == {"d/n/1": "as the old build folded it"}
    other = SqliteViews(desk.database, "desk")
    other.prepare(second)
    note = Note("a", 0, "as the new build folded it")
    checkpoint = Checkpoint(sequence=5, offset=5, topic="plans")
    other.save(second, "plans", [Change(id="d/n/1", document=note, marks={0: 5}, parked={}, revision=0)], (), {0: checkpoint})
    other.flip("notes", second.key)
    desk.read()  # this process may go on reading the old one for as long as SEEN_SECONDS
    time.sleep(0.15)
    assert desk.read() == {"d/n/1": "as the new build folded it"}


def test_a_document_that_was_stirred_is_read_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waymark.events.standing.SEEN_SECONDS", 0.1)
    desk.save("d/n/1", "as first folded", mark=5)
    desk.reach(5)
    desk.views.flip("notes", NOTES.view.key)
    assert desk.read() == {"d/n/1": "as first folded"}
    desk.save("d/n/1", "folded after all, behind its mark", mark=5)
    assert desk.read() == {"d/n/1": "as first folded"}
    SqliteViews(desk.database, "desk").stir("notes")
    time.sleep(0.15)
    assert desk.read() == {"d/n/1": "folded after all, behind its mark"}


def test_a_reader_that_looked_after_every_batch_has_what_a_fresh_one_has(tmp_path: Path) -> None:
    folding, random = Folding(tmp_path), Random(4)
    for _ in range(20):
        district = folding.next_district()
        for _ in folding.fold(happened(random_acts(random, 40), district, folding.position), random):
            folding.now(district)
            folding.past.of(district, template="t1")
        fresh = Kept(folding.views, sheets, current.join, 10**9).of(district, template="t1")
        assert {part: described(each) for part, each in folding.now(district).items()} == {
            part: described(each.chunk) for part, each in fresh.items()
        }
        fresh_past = Kept(folding.views, past_rows, past.join, 10**9).of(district, template="t1")
        kept_past = folding.past.of(district, template="t1")
        assert {part: len(each.rows.sign) for part, each in kept_past.items()} == {
            part: len(each.rows.sign) for part, each in fresh_past.items()
        }


def described(chunk: Chunk) -> object:
    """A chunk without regard to the order of its rows."""
    return {
        student: (
            chunk.schools[int(chunk.school[row])],
            chunk.grades[int(chunk.grade[row])],
            int(chunk.recorded[row]),
            {item: float(numbers(values)[row]) for item, values in chunk.values.items() if not isnan(numbers(values)[row])},
            sorted(item for item, hides in chunk.hidden.items() if hides[row]),
        )
        for student, row in chunk.rows.items()
    }
