"""What spans look like: the runs of days on which one event changed how a student counts."""

from tests.unit.plans.facts import NORTH, SOUTH, assigned, completed, day, hidden, moved, reactivated, removed, updated, whole
from waymark.events.catalogue.plans import PlanEvent
from waymark.events.catalogue.types import Cell, Place, Sealed, Span


def last(*events: PlanEvent) -> list[Span]:
    return list(whole(*events)[-1].spans)


def at(place: Place, value: int | float | bool | None = None, is_hidden: bool = False) -> Cell:
    return Cell(place.school, place.grade, is_hidden, value)


def test_an_assignment_opens_the_plan_from_its_day_on() -> None:
    assert last(assigned(day(2))) == [Span("", day(2), None, None, at(NORTH))]


def test_p26_a_back_dated_update_counts_until_the_next_one_by_date() -> None:
    spans = last(assigned(day(2)), updated("i1", 3, day(9)), updated("i1", 1, day(5)))
    assert spans == [Span("i1", day(5), day(9), None, at(NORTH, 1))]


def test_p27_of_two_updates_of_one_day_the_later_recorded_counts() -> None:
    assert last(assigned(), updated("i1", 1, day(5)), updated("i1", 2, day(5))) == [Span("i1", day(5), None, at(NORTH, 1), at(NORTH, 2))]


def test_an_update_with_the_same_value_changes_nothing() -> None:
    assert last(assigned(), updated("i1", 1, day(5)), updated("i1", 1, day(7))) == []


def test_an_update_dated_before_the_assignment_counts_from_the_assignment_on() -> None:
    assert last(assigned(day(6)), updated("i1", 2, day(3))) == [Span("i1", day(6), None, None, at(NORTH, 2))]


def test_p19_a_hidden_item_keeps_its_value_beneath() -> None:
    assert last(assigned(), updated("i1", 2, day(3)), hidden("i1", day(4))) == [Span("i1", day(4), None, at(NORTH, 2), at(NORTH, 2, True))]


def test_closing_takes_the_plan_and_every_item_out_from_that_day_on() -> None:
    assert last(assigned(), updated("i1", 2, day(3)), completed(day(10))) == [
        Span("", day(10), None, at(NORTH), None),
        Span("i1", day(10), None, at(NORTH, 2), None),
    ]


def test_an_update_dated_in_closed_time_counts_from_the_reopening_on() -> None:
    spans = last(assigned(), completed(day(10)), reactivated(day(12)), updated("i1", 2, day(11)))
    assert spans == [Span("i1", day(12), None, None, at(NORTH, 2))]


def test_p34_removing_a_plan_without_any_update_takes_back_every_day() -> None:
    assert last(assigned(day(2)), hidden("i1", day(4)), removed(day(10), kept=False)) == [
        Span("", day(2), None, at(NORTH), None),
        Span("i1", day(4), None, at(NORTH, None, True), None),
    ]


def test_a_move_dated_earlier_carries_what_was_recorded_since() -> None:
    spans = last(assigned(day(2)), updated("i1", 1, day(3)), updated("i1", 2, day(9)), moved(day(6)))
    assert spans == [
        Span("", day(6), None, at(NORTH), at(SOUTH)),
        Span("i1", day(6), day(9), at(NORTH, 1), at(SOUTH, 1)),
        Span("i1", day(9), None, at(NORTH, 2), at(SOUTH, 2)),
    ]


def test_free_text_counts_as_true() -> None:
    assert last(assigned(), updated("i3", Sealed("s1", b"box"), day(3))) == [Span("i3", day(3), None, None, at(NORTH, True))]
