"""Each fold makes the same documents however the streams interleave, and each document says what its events said."""

from datetime import UTC, date, datetime
from random import Random

import numpy as np
import pytest

from tests.unit.reporting.plan_histories import CONTENT, ITEMS, PUBLISHED, SCALES, STUDENTS, happened, random_acts
from waymark.events.catalogue.plans import ItemUpdated, PlanEvent, StudentAssigned, StudentMoved, StudentRemoved
from waymark.events.catalogue.types import Author, Cell, Sealed, Span
from waymark.events.envelope import Recorded
from waymark.events.project import Projection
from waymark.reporting.counting import current
from waymark.reporting.folds import history, sheet, template
from waymark.reporting.folds.rows import bit_deleted, bit_inserted, bit_replaced, microseconds, moment
from waymark.reporting.views import OF_PLANS, histories, past_rows, sheets, templates
from waymark.service.testing import folded, interleaved, recorded

BY = Author("teacher1", "teacher")
DAY = date(2026, 9, 1)


def streams_of(records: list[Recorded]) -> list[list[Recorded]]:
    streams: dict[str, list[Recorded]] = {}
    for each in records:
        streams.setdefault(each.stream, []).append(each)
    return list(streams.values())


@pytest.mark.parametrize("projection", OF_PLANS, ids=lambda each: each.name)
def test_shuffled_streams_give_the_same_documents(projection: Projection[object]) -> None:
    random = Random(11)
    for _ in range(40):
        published = [recorded(f"d1/template/{name}", event) for name, event in PUBLISHED.items()]
        streams = streams_of(happened(random_acts(random, 60))) + streams_of(happened(random_acts(random, 30), template="t2")) + published
        documents = folded(projection, interleaved(streams, random))
        assert documents
        assert all(folded(projection, interleaved(streams, random)) == documents for _ in range(4))


def test_p19_p26_only_spans_without_an_end_are_current() -> None:
    here = Cell("s1", "05", False, None)
    past = Span("i1", DAY, date(2026, 9, 3), None, Cell("s1", "05", False, 2))
    events: list[PlanEvent] = [
        StudentAssigned(
            template="t1", student="a", school="s1", grade="05", effective=DAY, by=BY, spans=(Span("", DAY, None, None, here),)
        ),
        ItemUpdated(template="t1", student="a", item="i1", value=2, effective=DAY, by=BY, spans=(past,)),
    ]
    ((key, document),) = folded(sheets, recorded("d1/plan/t1/a", *events, key="a")).items()
    assert key.startswith("d1/sheet/t1/s1/")
    assert (document.students, document.columns) == (("a",), {})


def test_a_student_who_moves_leaves_one_sheet_and_enters_the_other_with_every_status() -> None:
    north, south = Cell("north", "05", False, None), Cell("south", "06", False, None)
    judged, moved = Cell("north", "05", True, 3), Cell("south", "06", True, 3)
    events: list[PlanEvent] = [
        StudentAssigned(
            template="t1", student="a", school="north", grade="05", effective=DAY, by=BY, spans=(Span("", DAY, None, None, north),)
        ),
        ItemUpdated(template="t1", student="a", item="i1", value=3, effective=DAY, by=BY, spans=(Span("i1", DAY, None, None, judged),)),
        StudentMoved(
            template="t1",
            student="a",
            school="south",
            grade="06",
            effective=DAY,
            spans=(Span("i1", DAY, None, judged, moved), Span("", DAY, None, north, south)),
        ),
    ]
    documents = {each.school: each for each in folded(sheets, recorded("d1/plan/t1/a", *events, key="a")).values()}
    assert documents["north"].students == ()
    assert documents["south"].students == ("a",)
    assert documents["south"].grades == ("06",)
    assert documents["south"].columns == {"i1": sheet.Column(b"\3", b"\1")}


def test_a_student_in_two_sheets_counts_where_they_arrived_later() -> None:
    def alone(school: str, version: int, code: int) -> sheet.Sheet:
        arrival = np.array([version], "<i8").tobytes()
        return sheet.Sheet(
            template="t1", school=school, partition=3, students=("a",), grades=("05",), arrivals=arrival, recorded=arrival,
            columns={"i1": sheet.Column(bytes((code,)))},
        )  # fmt: skip

    old, new = {"d/sheet/t1/north/3": alone("north", 4, 1)}, {"d/sheet/t1/south/3": alone("south", 9, 2)}
    for joined in (
        current.join(None, {**old, **new}),
        current.join(current.join(None, new), old),
        current.join(current.join(None, old), new),
    ):
        chunk = joined.chunk
        assert (chunk.students, chunk.schools[chunk.school[0]], chunk.values["i1"].tolist()) == (["a"], "south", [2])


def test_p28_a_history_keeps_both_times_of_every_fact_and_no_text() -> None:
    for records in streams_of(happened(random_acts(Random(3), 80))):
        documents = folded(histories, records)
        last = max((at for at, each in enumerate(records) if isinstance(each.event, StudentRemoved) and not each.event.kept), default=-1)
        facts = [fact for document in documents.values() for fact in document.facts]
        assert [fact.recorded for fact in facts] == [each.at for each in records[last + 1 :]]
        assert [fact.effective for fact in facts] == [each.event.effective for each in records[last + 1 :]]  # type: ignore[attr-defined]  all have one
        for fact, each in zip(facts, records[last + 1 :], strict=True):
            if isinstance(each.event, ItemUpdated):
                told = each.event.value
                assert (fact.kind, fact.item, fact.role) == ("updated", each.event.item, "teacher")
                assert fact.value == (None if isinstance(told, Sealed) else told)


def test_p27_updates_stand_by_effective_date_then_by_recording() -> None:
    days = (date(2026, 9, 5), date(2026, 9, 2), date(2026, 9, 5))
    facts = [history.Fact(kind="updated", item="i1", value=at, effective=day, recorded=datetime.now(UTC)) for at, day in enumerate(days)]
    assert [each.value for each in history.History(template="t", student="s", facts=tuple(facts)).updates("i1")] == [1, 0, 2]


def test_a_template_is_known_from_its_publishing_alone() -> None:
    (document,) = folded(templates, recorded("d1/template/t1", PUBLISHED["t1"])).values()
    assert (document.title, document.sort, document.scales) == ("Reading", "reading", SCALES)
    assert [each.id for each in document.items()] == list(ITEMS)
    assert document.item("i2") == CONTENT.sections[0].items[1]
    assert document.item("i9") is None
    assert template.template_id("d1", "t1") in folded(templates, recorded("d1/template/t1", PUBLISHED["t1"]))


def test_span_rows_of_a_month_stand_in_one_document_a_school_and_partition() -> None:
    records = happened(random_acts(Random(5), 200))
    documents = folded(past_rows, records)
    assert len({each.month for each in documents.values()}) > 1
    assert {student for each in documents.values() for student in each.rows} <= set(STUDENTS)
    for key, each in documents.items():
        assert key == f"d1/span-rows/t1/{each.school}/{each.partition}/{each.month}"


def test_bits_are_what_a_list_of_bits_would_be() -> None:
    random = Random(2)
    bits, truth = b"", list[bool]()
    for _ in range(3000):
        at, bit = random.randint(0, len(truth)), random.random() < 0.4
        if at < len(truth) and random.random() < 0.4:
            bits, truth = bit_deleted(bits, at), truth[:at] + truth[at + 1 :]
        elif at < len(truth) and random.random() < 0.4:
            bits, truth = bit_replaced(bits, at, bit), [*truth[:at], bit, *truth[at + 1 :]]
        else:
            bits, truth = bit_inserted(bits, at, bit), [*truth[:at], bit, *truth[at:]]
        assert [bool(int.from_bytes(bits, "little") >> row & 1) for row in range(len(truth))] == truth
        assert not bits.endswith(b"\0")


def test_a_moment_comes_back_to_the_microsecond() -> None:
    at = datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)
    assert moment(microseconds(at)) == at
