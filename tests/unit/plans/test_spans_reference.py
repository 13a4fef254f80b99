"""Spans equal brute force: every item, every day, as known after every event, over random histories of every kind of fact."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.plans.span_histories import ACTS, ITEMS, Act, Complete, history, random_acts
from tests.unit.plans.span_reference import Tally, days_around, fold, folded_cells, true_cell
from waymark.events.catalogue.plans import PlanEvent
from waymark.events.catalogue.types import Cell, Span
from waymark.plans.domain import spans
from waymark.plans.domain.plan import Plan

HISTORIES = 2000


def disagreement(events: Sequence[PlanEvent]) -> str | None:
    """Where a fold of the spans and brute force part, on either clock; null when nowhere."""
    if not events:
        return None
    days, tally = days_around(events), Tally()
    for version, event in enumerate(events, 1):
        fold(tally, event.spans)
        for item in ("", *ITEMS):
            truth = [true_cell(events[:version], item, day) for day in days]
            try:
                if folded_cells(tally, item, days) != truth:
                    return f"{item!r} after {version} events"
            except AssertionError as problem:
                return f"{problem} after {version} events"
    return None


@pytest.mark.parametrize("seed", range(8))
def test_the_fold_of_the_spans_is_the_cell_on_every_day_as_known_at_every_version(seed: int) -> None:
    random = Random(seed)
    for _ in range(HISTORIES // 8):
        acts = random_acts(random, random.randrange(2, 14))
        assert disagreement(history(acts)) is None, acts


act = st.tuples(st.sampled_from(sorted(set(ACTS))), st.integers(0, 3), st.integers(0, 2), st.integers(-3, 7))


@settings(max_examples=300, deadline=None)
@given(st.lists(act, max_size=16).map(lambda acts: [("assign", 0, 0, 0), *acts]))
def test_no_history_is_found_on_which_they_part(acts: list[Act]) -> None:
    assert disagreement(history(acts)) is None


def test_the_current_status_follows_the_spans_without_an_end_alone() -> None:
    random = Random(77)
    for _ in range(300):
        events = history(random_acts(random, 14))
        now: dict[str, Cell | None] = {}
        for version, event in enumerate(events, 1):
            for span in event.spans:
                if span.until is None:
                    assert now.get(span.item) == span.was
                    now[span.item] = span.now
            assert {item: now.get(item) for item in ("", *ITEMS)} == {
                item: true_cell(events[:version], item, date.max) for item in ("", *ITEMS)
            }


def test_an_event_has_no_span_without_a_difference_and_none_that_could_be_joined() -> None:
    random = Random(78)
    for _ in range(300):
        for event in history(random_acts(random, 14)):
            by_item: dict[str, list[Span]] = {}
            for span in event.spans:
                by_item.setdefault(span.item, []).append(span)
            for each in by_item.values():
                assert all(span.was != span.now for span in each)
                assert all(span.until is None or span.since < span.until for span in each)
                for before, after in pairwise(each):
                    assert before.until is not None
                    assert before.until <= after.since
                    assert before.until < after.since or (before.was, before.now) != (after.was, after.now)


def without_until(event: PlanEvent) -> tuple[Span, ...]:
    return tuple(replace(span, until=None) for span in event.spans)


def only_the_last(event: PlanEvent) -> tuple[Span, ...]:
    return tuple({span.item: span for span in event.spans}.values())


def from_the_event_on(event: PlanEvent) -> tuple[Span, ...]:
    return tuple(replace(span, since=max(span.since, event.effective)) for span in event.spans)


def open_ended_only(event: PlanEvent) -> tuple[Span, ...]:
    return tuple(span for span in event.spans if span.until is None)


@pytest.mark.parametrize("broken", [without_until, only_the_last, from_the_event_on, open_ended_only])
def test_a_variant_with_one_word_dropped_is_found_out(broken: Callable[[PlanEvent], tuple[Span, ...]]) -> None:
    def complete(before: Plan | None, event: PlanEvent, after: Plan | None, stream: str) -> PlanEvent:
        whole = spans.complete(before, event, after, stream)
        return replace(whole, spans=broken(whole))

    assert is_caught(complete)


@pytest.mark.parametrize("broken", ["hiding_ends_with_closing", "move_reaches_back", "update_before_assignment_is_lost"])
def test_a_looser_reading_of_a_sentence_is_found_out(broken: str) -> None:
    assert is_caught(LOOSER[broken])


def is_caught(complete: Complete) -> bool:
    random = Random(5)
    return any(disagreement(history(random_acts(random, 12), complete)) is not None for _ in range(400))


def _reading(plan: Plan | None, name: str) -> Plan | None:
    if plan is None:
        return None
    match name:
        case "hiding_ends_with_closing":
            closed = {day for day, is_open in plan.turns if not is_open}
            items = {
                name: replace(item, hidings=tuple(each for each in item.hidings if not any(each[0] <= day for day in closed)))
                for name, item in plan.items.items()
            }
            return replace(plan, items=items)
        case "move_reaches_back":
            return replace(plan, places=tuple((date.min, place) for _, place in plan.places))
        case _:
            items = {
                name: replace(item, updates=tuple(each for each in item.updates if each[0] >= plan.turns[0][0]))
                for name, item in plan.items.items()
            }
            return replace(plan, items=items)


def _loosened(name: str) -> Complete:
    def complete(before: Plan | None, event: PlanEvent, after: Plan | None, stream: str) -> PlanEvent:
        return spans.complete(_reading(before, name), event, _reading(after, name), stream)

    return complete


LOOSER = {name: _loosened(name) for name in ("hiding_ends_with_closing", "move_reaches_back", "update_before_assignment_is_lost")}
