"""What every views' database does."""

from __future__ import annotations

import time

import pytest
from msgspec import Struct
from msgspec.structs import replace

from waymark.events.feed import Checkpoint
from waymark.events.views import OWN_FIELDS, Change, Parked, Standing, System, View, Views, pinned, stamp


class Row(Struct, frozen=True, kw_only=True):
    student: str = ""
    school: str = ""
    title: str = ""
    count: int = 0
    cells: dict[str, bytes] = {}


VIEW = View(name="rows", version=1, document=Row, indexes=(("school", "title"), ("school", "count")), about="student")

SECOND = VIEW.at("rows@1.1")


class Only(Struct, frozen=True):
    """A scope that reaches some students."""

    district: str
    students: frozenset[str]

    def reaches(self, student: str) -> bool:
        return student in self.students


def change(key: str, row: Row | None, mark: int = 1, revision: int = 0) -> Change[Row]:
    return Change(id=key, document=row, marks={3: mark}, parked={}, revision=revision)


def at(sequence: int, topic: str = "t") -> Checkpoint:
    return Checkpoint(sequence=sequence, offset=sequence, topic=topic, at=float(sequence))


def put(views: Views, *changes: Change[Row]) -> set[str]:
    return views.save(VIEW, "plans", changes, (), {})


def stands(views: Views) -> Standing:
    return replace(views.standing("rows"), flipped=0.0)


class ViewsContract:
    """Give `views`, fresh and empty, as a fixture."""

    @pytest.fixture(autouse=True)
    def prepared(self, views: Views) -> None:
        views.prepare(VIEW)

    def test_a_document_comes_back_with_its_marks(self, views: Views) -> None:
        row = Row(student="s", title="Ünï $x.y", cells={"a.b": b"\x00\xff", "$": b""})
        assert put(views, change("d/row/1", row, mark=7)) == set()
        held = views.load(VIEW, ["d/row/1", "d/row/none"])
        assert set(held) == {"d/row/1"}
        assert (held["d/row/1"].document, held["d/row/1"].marks, held["d/row/1"].revision) == (row, {3: 7}, 1)

    def test_a_document_that_changed_meanwhile_is_reported_and_no_checkpoint_moves(self, views: Views) -> None:
        put(views, change("d/row/1", Row(count=1)))
        put(views, change("d/row/1", Row(count=2), revision=1))
        lost = views.save(VIEW, "plans", [change("d/row/1", Row(count=9), revision=1)], (), {3: at(5)})
        assert lost == {"d/row/1"}
        assert views.save(VIEW, "plans", [change("d/row/1", Row(count=9))], (), {3: at(5)}) == {"d/row/1"}
        assert views.load(VIEW, ["d/row/1"])["d/row/1"].document == Row(count=2)
        assert views.checkpoints(VIEW, "plans") == {}

    def test_checkpoints_only_move_forward(self, views: Views) -> None:
        views.save(VIEW, "plans", (), (), {3: at(5), 4: at(1)})
        views.save(VIEW, "plans", (), (), {3: at(2), 4: at(6)})
        assert {part: each.sequence for part, each in views.checkpoints(VIEW, "plans").items()} == {3: 5, 4: 6}
        assert views.checkpoints(VIEW, "roster") == {}

    def test_a_deleted_document_leaves_a_grave_with_its_marks(self, views: Views) -> None:
        put(views, change("d/row/1", Row(school="s")))
        put(views, change("d/row/1", None, mark=9, revision=1))
        held = views.load(VIEW, ["d/row/1"])["d/row/1"]
        assert (held.document, held.marks) == (None, {3: 9})
        assert views.get(System("d"), VIEW, ["d/row/1"]) == {}
        assert not views.find(System("d"), VIEW, {"school": "s"}, None, None, 10).documents

    def test_no_question_crosses_districts(self, views: Views) -> None:
        put(views, change("d/row/1", Row(school="s")), change("e/row/1", Row(school="s")))
        assert set(views.get(System("d"), VIEW, ["d/row/1", "e/row/1"])) == {"d/row/1"}
        assert [key for key, _ in views.find(System("d"), VIEW, {"school": "s"}, "title", None, 10).documents] == ["d/row/1"]
        assert set(views.newer(System("d"), VIEW, {}, 3, 0)) == {"d/row/1"}

    def test_documents_about_students_out_of_reach_are_left_out(self, views: Views) -> None:
        put(views, *(change(f"d/row/{n}", Row(school="s", student=f"s{n}")) for n in range(4)))
        scope = Only("d", frozenset({"s1", "s3"}))
        assert set(views.get(scope, VIEW, [f"d/row/{n}" for n in range(4)])) == {"d/row/1", "d/row/3"}
        assert [key for key, _ in views.find(scope, VIEW, {"school": "s"}, "title", None, 10).documents] == ["d/row/1", "d/row/3"]

    @pytest.mark.parametrize("order", ["title", "count"])
    def test_pages_are_in_order_and_meet_every_document_once(self, views: Views, order: str) -> None:
        put(views, *(change(f"d/row/{n:02}", Row(school="s", title=f"{n % 5}", count=n % 3)) for n in range(23)))
        seen: list[tuple[object, str]] = []
        after: str | None = None
        while True:
            page = views.find(System("d"), VIEW, {"school": "s"}, order, after, 5)
            seen += [(getattr(row, order), key) for key, row in page.documents]
            after = page.after
            if after is None:
                break
        assert len(seen) == 23
        assert seen == sorted(seen)

    def test_only_declared_indexes_answer(self, views: Views) -> None:
        with pytest.raises(ValueError, match="declares no index"):
            views.find(System("d"), VIEW, {"title": "x"}, None, None, 10)
        with pytest.raises(ValueError, match="limit"):
            views.find(System("d"), VIEW, {"school": "x"}, "title", None, 201)

    @pytest.mark.parametrize("field", sorted(OWN_FIELDS))
    def test_no_field_is_called_what_every_document_has(self, field: str) -> None:
        with pytest.raises(ValueError, match="call the field otherwise"):
            View(name="rows", version=1, document=Row, indexes=((field,),))

    def test_newer_documents_are_those_with_a_mark_beyond(self, views: Views) -> None:
        put(views, change("d/row/1", Row(school="s"), mark=5), change("d/row/2", Row(school="s"), mark=9))
        assert set(views.newer(System("d"), VIEW, {"school": "s"}, 3, 5)) == {"d/row/2"}
        assert views.newer(System("d"), VIEW, {"school": "s"}, 4, 5) == {}

    def test_a_flip_shows_the_other_view_whole(self, views: Views) -> None:
        views.prepare(SECOND)
        put(views, change("d/row/1", Row(count=1)))
        views.save(SECOND, "plans", [change("d/row/1", Row(count=2))], (), {3: at(8)})
        views.flip("rows", VIEW.key)
        assert views.get(System("d"), VIEW, ["d/row/1"])["d/row/1"].count == 1
        views.flip("rows", SECOND.key)
        assert views.get(System("d"), VIEW, ["d/row/1"])["d/row/1"].count == 2
        assert views.reached(VIEW, "plans")[3].sequence == 8

    def test_views_stand_as_candidate_live_and_previous(self, views: Views) -> None:
        assert stands(views) == Standing()
        views.flip("rows", VIEW.key)
        assert stands(views) == Standing(live="rows@1")
        views.announce("rows", "rows@1.1")
        assert stands(views) == Standing(live="rows@1", candidate="rows@1.1")
        views.flip("rows", "rows@1.1")
        assert stands(views) == Standing(live="rows@1.1", previous="rows@1")
        views.flip("rows", "rows@1.1")
        assert stands(views) == Standing(live="rows@1.1", previous="rows@1"), "a flip that is repeated changes nothing"
        views.flip("rows", "rows@1")
        assert stands(views) == Standing(live="rows@1", previous="rows@1.1")
        assert time.time() - views.standing("rows").flipped < 60
        views.retire("rows")
        assert (stands(views), views.live("rows")) == (Standing(live="rows@1"), "rows@1")
        views.announce("rows", "rows@1.2")
        views.announce("rows", None)
        assert stands(views) == Standing(live="rows@1")
        assert views.standing("others") == Standing()

    def test_a_build_goes_on_until_it_is_announced_and_no_number_is_used_twice(self, views: Views) -> None:
        views.flip("rows", VIEW.key)
        assert [views.begin(VIEW), views.begin(VIEW)] == ["rows@1.1", "rows@1.1"]
        assert stands(views) == Standing(live="rows@1", building="rows@1.1", builds=1)
        views.announce("rows", "rows@1.1")
        assert stands(views) == Standing(live="rows@1", candidate="rows@1.1", builds=1)
        views.announce("rows", None)
        assert views.begin(VIEW) == "rows@1.2"
        newer = View(name="rows", version=2, document=Row)
        assert [views.begin(newer), views.begin(newer)] == ["rows@2.3", "rows@2.3"]

    def test_what_was_stirred_tells_readers_who_keep_documents(self, views: Views) -> None:
        views.flip("rows", VIEW.key)
        before = stamp(views, VIEW, "plans")
        assert stamp(views, VIEW, "plans") == before
        views.stir("rows")
        assert views.standing("rows").stirred == 1
        stirred = stamp(views, VIEW, "plans")
        assert stirred != before
        views.save(VIEW, "plans", (), (), {3: at(4)})
        assert stamp(views, VIEW, "plans") != stirred
        views.flip("rows", SECOND.key)
        assert views.standing("rows").stirred == 1

    def test_who_keeps_documents_asks_one_view_whatever_is_live(self, views: Views) -> None:
        views.prepare(SECOND)
        views.save(VIEW, "plans", [change("d/row/1", Row(count=1), mark=5)], (), {3: at(5)})
        views.save(SECOND, "plans", [change("d/row/1", Row(count=2), mark=8)], (), {3: at(8)})
        views.flip("rows", VIEW.key)
        first, which = pinned(views, VIEW)
        views.flip("rows", SECOND.key)
        assert views.newer(System("d"), first, {}, 3, 4) == {"d/row/1": Row(count=1)}
        assert views.checkpoints(first, "plans")[3].sequence == 5
        second, other = pinned(views, VIEW)
        assert which != other
        assert views.newer(System("d"), second, {}, 3, 4) == {"d/row/1": Row(count=2)}

    def test_documents_are_scanned_in_order_graves_included(self, views: Views) -> None:
        put(views, *(change(f"d/row/{n:02}", Row(count=n), mark=n) for n in range(7)), change("e/row/00", None, mark=9))
        seen: list[tuple[str, int | None]] = []
        after = ""
        while page := views.scan(VIEW, after, 3):
            seen += [(key, None if held.document is None else held.marks[3]) for key, held in page]
            after = page[-1][0]
        assert seen == [*((f"d/row/{n:02}", n) for n in range(7)), ("e/row/00", None)]

    def test_workers_tell_what_they_fold_until_they_stop_or_are_not_heard_of(self, views: Views) -> None:
        assert views.attending("rows") == {}
        views.attend("one", {"rows": ["rows@1.1", "rows@1"], "others": ["others@1"]}, 60)
        views.attend("two", {"others": ["others@1"]}, 60)
        views.attend("gone", {"rows": ["rows@1"]}, 0.01)
        time.sleep(0.05)
        assert views.attending("rows") == {"one": ["rows@1.1", "rows@1"]}
        views.attend("one", {"rows": ["rows@1", "rows@1.1"]}, 60)
        assert views.attending("rows") == {"one": ["rows@1", "rows@1.1"]}
        views.attend("one", {}, 0)
        assert views.attending("rows") == {}
        assert views.attending("others") == {"two": ["others@1"]}

    def test_what_was_built_is_known_until_it_is_dropped(self, views: Views) -> None:
        views.prepare(SECOND)
        for view in (VIEW, SECOND):
            views.save(view, "plans", [change("d/row/1", Row())], (), {3: at(1)})
        assert set(views.built("rows")) == {VIEW.key, SECOND.key}
        assert set(views.built("row")) == set()
        views.drop(SECOND)
        assert set(views.built("rows")) == {VIEW.key}

    def test_parked_events_wait_in_order_until_taken_out(self, views: Views) -> None:
        parked = [
            Parked(
                stream="d/plan/1",
                partition=3,
                sequence=n,
                version=n,
                key="k",
                position=n,
                index=0,
                at=1.0,
                type="t",
                body=b"{}",
                reason="r",
            )
            for n in (4, 2, 3)
        ]
        views.save(VIEW, "plans", (), parked, {3: at(4)})
        views.save(VIEW, "plans", (), parked[:1], {3: at(4)})
        assert views.parked_streams(VIEW) == {"d/plan/1": 3}
        assert [each.sequence for each in views.parked(VIEW, "d/plan/1")] == [2, 3, 4]
        views.unpark(VIEW, "d/plan/1", 3)
        assert [each.sequence for each in views.parked(VIEW, "d/plan/1")] == [4]

    def test_dropping_a_view_forgets_all_of_it(self, views: Views) -> None:
        views.save(VIEW, "plans", [change("d/row/1", Row())], (), {3: at(4)})
        views.drop(VIEW)
        views.prepare(VIEW)
        assert views.load(VIEW, ["d/row/1"]) == {}
        assert views.checkpoints(VIEW, "plans") == {}
