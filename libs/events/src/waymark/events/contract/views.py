"""What every views' database does."""

from __future__ import annotations

import pytest
from msgspec import Struct

from waymark.events.feed import Checkpoint
from waymark.events.views import Change, Parked, System, View, Views


class Row(Struct, frozen=True, kw_only=True):
    student: str = ""
    school: str = ""
    title: str = ""
    count: int = 0
    cells: dict[str, bytes] = {}


VIEW = View(name="rows", version=1, document=Row, indexes=(("school", "title"), ("school", "count")), about="student")


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

    def test_newer_documents_are_those_with_a_mark_beyond(self, views: Views) -> None:
        put(views, change("d/row/1", Row(school="s"), mark=5), change("d/row/2", Row(school="s"), mark=9))
        assert set(views.newer(System("d"), VIEW, {"school": "s"}, 3, 5)) == {"d/row/2"}
        assert views.newer(System("d"), VIEW, {"school": "s"}, 4, 5) == {}

    def test_a_flip_shows_the_other_view_whole(self, views: Views) -> None:
        second = View(name="rows", version=2, document=Row, indexes=VIEW.indexes, about="student")
        views.prepare(second)
        put(views, change("d/row/1", Row(count=1)))
        views.save(second, "plans", [change("d/row/1", Row(count=2))], (), {3: at(8)})
        views.flip("rows", VIEW.key)
        assert views.get(System("d"), VIEW, ["d/row/1"])["d/row/1"].count == 1
        views.flip("rows", second.key)
        assert views.get(System("d"), VIEW, ["d/row/1"])["d/row/1"].count == 2
        assert views.reached(VIEW, "plans")[3].sequence == 8

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
