"""What may happen to a plan."""

from datetime import timedelta

import pytest

from tests.unit.plans.facts import (
    BY,
    LEVELS,
    NORTH,
    SOUTH,
    TEMPLATE,
    TODAY,
    assigned,
    completed,
    customisable,
    day,
    given,
    hidden,
    moved,
    reactivated,
    removed,
    shown,
    updated,
)
from waymark.events.catalogue.plans import (
    ItemHidden,
    ItemShown,
    ItemUpdated,
    PlanCompleted,
    PlanReactivated,
    StudentAssigned,
    StudentMoved,
    StudentRemoved,
)
from waymark.events.catalogue.types import Sealed
from waymark.plans.domain import plan, refusals

NOTE = Sealed("s1", b"note")
UPDATE = {"note": None, "effective": None, "by": BY, "today": TODAY}


def test_p14_p15_an_assignment_counts_from_today_at_the_students_place() -> None:
    given().when(plan.assign, NORTH, by=BY, today=TODAY).then(StudentAssigned(school="north", grade="03", effective=TODAY, by=BY))


def test_p17_assigning_again_changes_nothing() -> None:
    given(assigned()).when(plan.assign, SOUTH, by=BY, today=TODAY).then()


@pytest.mark.parametrize("closed, status", [(completed(), "completed"), (removed(), "removed")])
def test_p17_a_closed_plan_is_reactivated_never_assigned_anew(closed: PlanCompleted | StudentRemoved, status: str) -> None:
    given(assigned(), updated(), closed).when(plan.assign, NORTH, by=BY, today=TODAY).refuses(refusals.PlanClosed, status=status)


def test_p34_who_was_removed_without_any_update_may_be_assigned_as_if_new() -> None:
    outcome = given(assigned(), removed(kept=False)).when(plan.assign, SOUTH, by=BY, today=TODAY)
    outcome.then(StudentAssigned(school="south", grade="04", effective=TODAY, by=BY))


def test_p25_an_update_keeps_value_note_author_and_date() -> None:
    given(assigned()).when(plan.update_item, TEMPLATE, "i1", 2, note=NOTE, effective=day(6), by=BY, today=TODAY).then(
        ItemUpdated(item="i1", value=2, note=NOTE, effective=day(6), by=BY)
    )


def test_p4_the_overall_status_is_updated_like_an_item() -> None:
    given(assigned()).when(plan.update_item, TEMPLATE, "overall", 3, **UPDATE).then(
        ItemUpdated(item="overall", value=3, effective=TODAY, by=BY)
    )


@pytest.mark.parametrize(
    "item, value",
    [
        ("i1", 4),
        ("i1", 0),
        ("i1", 1.5),
        ("i1", True),
        ("i1", "2"),
        ("i1", NOTE),
        ("overall", 99),
        ("i2", -1),
        ("i2", 9.01),
        ("i2", float("nan")),
        ("i2", float("inf")),
        ("i2", "5"),
        ("i3", 1),
        ("i3", "not sealed"),
    ],
)
def test_p25_a_value_outside_the_scale_is_refused_with_the_scale(item: str, value: object) -> None:
    scale = {"i1": LEVELS, "overall": LEVELS, "i2": TEMPLATE.scales["points"], "i3": None}[item]
    given(assigned()).when(plan.update_item, TEMPLATE, item, value, **UPDATE).refuses(refusals.NotOnScale, scale=scale)


def test_a_level_is_recorded_as_its_integer_code() -> None:
    assert type(given(assigned()).when(plan.update_item, TEMPLATE, "i1", 2.0, **UPDATE).only.value) is int


@pytest.mark.parametrize("points", [0, 9, 2.5])
def test_p7_points_reach_from_minimum_to_maximum(points: float) -> None:
    assert given(assigned()).when(plan.update_item, TEMPLATE, "i2", points, **UPDATE).only.value == points


def test_p26_a_future_date_is_refused() -> None:
    tomorrow = TODAY + timedelta(days=1)
    outcome = given(assigned()).when(plan.update_item, TEMPLATE, "i1", 2, note=None, effective=tomorrow, by=BY, today=TODAY)
    outcome.refuses(refusals.FutureDate, effective=tomorrow, today=TODAY)


def test_p26_a_slip_of_the_pen_centuries_back_is_refused() -> None:
    slip = day(1).replace(year=206)
    outcome = given(assigned()).when(plan.update_item, TEMPLATE, "i1", 2, note=None, effective=slip, by=BY, today=TODAY)
    outcome.refuses(refusals.TooLongAgo, effective=slip, earliest=plan.EARLIEST)


def test_p26_an_update_may_be_dated_before_the_assignment() -> None:
    outcome = given(assigned(day(10))).when(plan.update_item, TEMPLATE, "i1", 2, note=None, effective=day(3), by=BY, today=TODAY)
    assert outcome.only.effective == day(3)


def test_an_unknown_item_is_refused_with_the_items_there_are() -> None:
    outcome = given(assigned()).when(plan.update_item, TEMPLATE, "i9", 2, **UPDATE)
    outcome.refuses(refusals.ItemUnknown, item="i9", allowed=("overall", "i1", "i2", "i3"))


def test_p19_a_hidden_item_takes_no_updates_until_it_is_shown() -> None:
    given(assigned(), hidden()).when(plan.update_item, TEMPLATE, "i1", 2, **UPDATE).refuses(refusals.ItemHidden, item="i1")
    assert given(assigned(), hidden(), shown()).when(plan.update_item, TEMPLATE, "i1", 2, **UPDATE).only.value == 2


def test_p18_hiding_and_showing_repeat_without_effect() -> None:
    hide, show = {"by": BY, "today": TODAY}, {"by": BY, "today": TODAY}
    given(assigned()).when(plan.hide_item, TEMPLATE, "i1", **hide).then(ItemHidden(item="i1", effective=TODAY, by=BY))
    given(assigned(), hidden()).when(plan.hide_item, TEMPLATE, "i1", **hide).then()
    given(assigned(), hidden()).when(plan.show_item, TEMPLATE, "i1", **show).then(ItemShown(item="i1", effective=TODAY, by=BY))
    given(assigned()).when(plan.show_item, TEMPLATE, "i1", **show).then()


@pytest.mark.parametrize("act", [plan.hide_item, plan.show_item])
def test_p18_no_item_is_hidden_or_shown_where_the_template_does_not_let_educators(act: object) -> None:
    given(assigned()).when(act, customisable(False), "i1", by=BY, today=TODAY).refuses(refusals.NotCustomisable)  # type: ignore[arg-type]


def test_the_overall_status_cannot_be_hidden() -> None:
    given(assigned()).when(plan.hide_item, TEMPLATE, "overall", by=BY, today=TODAY).refuses(
        refusals.ItemUnknown, allowed=("i1", "i2", "i3")
    )


def test_p35_completing_closes_the_plan() -> None:
    given(assigned()).when(plan.complete, by=BY, today=TODAY).then(PlanCompleted(effective=TODAY, by=BY))


def test_p34_removing_keeps_what_was_recorded_and_nothing_else() -> None:
    given(assigned(), updated()).when(plan.remove, by=BY, today=TODAY).then(StudentRemoved(kept=True, effective=TODAY, by=BY))
    given(assigned(), hidden()).when(plan.remove, by=BY, today=TODAY).then(StudentRemoved(kept=False, effective=TODAY, by=BY))


@pytest.mark.parametrize("closed, status", [(completed(), "completed"), (removed(), "removed")])
def test_p37_a_closed_plan_takes_no_further_fact(closed: PlanCompleted | StudentRemoved, status: str) -> None:
    plain = {"by": BY, "today": TODAY}
    state = given(assigned(), updated(), closed)
    for outcome in (
        state.when(plan.update_item, TEMPLATE, "i1", 2, **UPDATE),
        state.when(plan.hide_item, TEMPLATE, "i1", **plain),
        state.when(plan.show_item, TEMPLATE, "i1", **plain),
        state.when(plan.complete, **plain),
        state.when(plan.remove, **plain),
    ):
        outcome.refuses(refusals.PlanClosed, status=status)
    state.when(plan.move, SOUTH, effective=TODAY, today=TODAY).then()


def test_p36_reactivating_opens_a_closed_plan_with_all_that_was_in_it() -> None:
    state = given(assigned(), updated("i1", 3), completed())
    state.when(plan.reactivate, SOUTH, by=BY, today=TODAY).then(PlanReactivated(school="south", grade="04", effective=TODAY, by=BY))
    after = given(assigned(), updated("i1", 3), completed(), reactivated(place=SOUTH)).state
    assert (after.status, after.place, after.item("i1").updates) == ("open", SOUTH, ((day(3), 3),))


def test_p36_an_open_plan_and_none_at_all_are_not_reactivated() -> None:
    given(assigned()).when(plan.reactivate, NORTH, by=BY, today=TODAY).refuses(refusals.PlanOpen)
    given().when(plan.reactivate, NORTH, by=BY, today=TODAY).refuses(refusals.PlanUnknown)
    given(assigned(), removed(kept=False)).when(plan.complete, by=BY, today=TODAY).refuses(refusals.PlanUnknown)


def test_p40_a_move_follows_the_student_and_is_dated_no_later_than_today() -> None:
    given(assigned()).when(plan.move, SOUTH, effective=day(8), today=TODAY).then(StudentMoved(school="south", grade="04", effective=day(8)))
    future = given(assigned()).when(plan.move, SOUTH, effective=TODAY + timedelta(days=30), today=TODAY)
    assert future.only.effective == TODAY


def test_p40_who_is_there_already_does_not_move() -> None:
    given(assigned(), moved(place=SOUTH)).when(plan.move, SOUTH, effective=TODAY, today=TODAY).then()


@pytest.mark.parametrize("state", [given(assigned(day(19))), given(assigned(day(2)), hidden(on=day(19)))])
def test_a_clock_that_stepped_back_dates_nothing_before_the_plans_latest_day(state: object) -> None:
    for decision in (plan.complete, plan.remove):
        assert state.when(decision, by=BY, today=day(17)).only.effective == day(19)  # type: ignore[attr-defined]  Given
    assert state.when(plan.hide_item, TEMPLATE, "i2", by=BY, today=day(17)).only.effective == day(19)  # type: ignore[attr-defined]  Given
