"""Each kind of fault is found: a checker that finds nothing proves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from tests.campaign.history import History, Row, Trouble
from tests.campaign.reference import partition
from tests.unit.campaign.tale import (
    ANN,
    BOB,
    bars,
    broken,
    everything,
    kept,
    published,
    read,
    refused,
    sound,
    stream,
    unanswered,
    update,
    wrote,
)


@pytest.fixture
def history() -> History:
    return sound()


def test_a_history_that_keeps_every_promise_has_no_fault(history: History) -> None:
    assert broken(history) == set()
    assert broken(sound("standalone")) == set()


# ---- the store


def test_a_hole_between_positions_is_found(history: History) -> None:
    del history.kept[2]
    assert "positions are dense" in broken(history)


def test_a_position_taken_twice_is_found(history: History) -> None:
    history.kept.append(history.kept[-1])
    assert "positions are dense" in broken(history)


def test_a_gap_between_versions_is_found(history: History) -> None:
    history.kept[3] = replace(history.kept[3], version=4)
    assert "versions are gapless" in broken(history)


def test_half_a_commit_is_found(history: History) -> None:
    history.kept[2] = replace(history.kept[2], events=[])
    assert "a commit is whole" in broken(history)


def test_a_stream_with_two_record_keys_is_found(history: History) -> None:
    history.kept[2] = replace(history.kept[2], key=BOB)
    assert "one record key a stream" in broken(history)


def test_a_commit_stored_twice_is_found(history: History) -> None:
    history.kept.append(kept(16, ANN, 4, "id-a2", update("overall", 1)))
    assert "no effect twice" in broken(history)


def test_an_event_that_no_rule_allows_is_found(history: History) -> None:
    history.kept[0] = kept(11, ANN, 1, "id-a1", update("overall", 1))
    assert "no rule allows it" in broken(history)


# ---- writes


def test_an_acknowledged_write_that_is_not_stored_is_found(history: History) -> None:
    history.writes.append(wrote("a4", 5.5, 5.6, ANN, 16))
    assert "an acknowledged write is stored" in broken(history)


def test_an_acknowledgement_that_names_another_position_is_found(history: History) -> None:
    history.writes[2] = replace(history.writes[2], positions={partition(ANN): 99_000})
    assert "the answer's position holds the write" in broken(history)


def test_an_acknowledgement_whose_position_is_too_low_is_found(history: History) -> None:
    history.writes[2] = replace(history.writes[2], positions={partition(ANN): 12_000})
    assert "the answer's position holds the write" in broken(history)


def test_an_unknown_write_may_be_stored_or_not(history: History) -> None:
    history.writes.append(unanswered("a9", 5.5, 5.6, ANN))
    assert broken(history) == set()


def test_a_refused_write_that_is_stored_is_found(history: History) -> None:
    history.writes[4] = refused("b2", 4.0, 4.1, BOB)
    assert "a refused write is absent" in broken(history)


def test_a_write_whose_first_attempt_was_lost_may_be_stored_although_the_second_was_refused(history: History) -> None:
    history.writes.append(refused("a3", 3.6, 3.7, ANN, attempt=2, status=412, code="version-stale"))
    assert broken(history) == set()


def test_an_effect_that_the_answer_does_not_tell_is_found(history: History) -> None:
    history.writes[4] = replace(history.writes[4], placed=(), positions={})
    assert "an answer tells every effect" in broken(history)


def test_a_commit_that_nobody_asked_for_is_found(history: History) -> None:
    del history.writes[3]
    assert "nothing unasked" in broken(history)


def test_an_effect_on_another_stream_is_found(history: History) -> None:
    history.writes[3] = replace(history.writes[3], streams=(stream(BOB),))
    assert "nothing unasked" in broken(history)


def test_a_refusal_without_reason_is_found(history: History) -> None:
    history.writes[5] = refused("b3", 5.0, 5.1, BOB, status=403, code="person-unknown")
    assert "nothing is refused without reason" in broken(history)


def test_a_500_is_found(history: History) -> None:
    history.writes[3] = replace(history.writes[3], status=500)
    assert "nothing answers 500" in broken(history)


# ---- the topic


def test_an_event_that_was_never_published_is_found(history: History) -> None:
    del history.published[2]
    assert "stored = published" in broken(history)


def test_an_event_at_the_end_that_is_not_published_yet_is_found(history: History) -> None:
    del history.published[-1]
    assert "stored = published" in broken(history)


def test_an_event_that_is_not_stored_but_published_is_found(history: History) -> None:
    history.published += published(kept(16, ANN, 4, "id-x", update("overall", 1)), 50)
    assert "stored = published" in broken(history)


def test_two_events_of_a_partition_in_the_wrong_order_are_found(history: History) -> None:
    first, second = history.published[2], history.published[3]
    history.published[2:4] = [replace(first, offset=second.offset), replace(second, offset=first.offset)]
    assert "order per partition" in broken(history)


def test_an_event_in_another_partition_is_found(history: History) -> None:
    history.published[2] = replace(history.published[2], partition=(partition(ANN) + 1) % 12)
    assert "stored = published" in broken(history)


def test_a_batch_that_was_sent_again_is_no_fault(history: History) -> None:
    history.published += [replace(each, offset=each.offset + 100) for each in history.published]
    assert broken(history) == set()


# ---- what readers saw


def test_a_count_beyond_the_truth_is_found(history: History) -> None:
    history.reads.append(read("bars", 1.15, 1.16, counts=bars(n=2, one=0, two=0)))
    assert "no count beyond the truth" in broken(history)


def test_a_count_that_a_write_on_its_way_could_give_is_no_fault(history: History) -> None:
    history.reads.append(read("bars", 3.1, 3.15, counts=bars(n=2, one=0, two=1)))
    assert broken(history) == set()


def test_an_effect_counted_twice_is_found(history: History) -> None:
    history.reads[3] = replace(history.reads[3], counts=bars(n=1, one=0, two=1) | {"overall/2": 2})
    assert "no count beyond the truth" in broken(history)


def test_bars_that_lack_a_write_that_they_were_asked_to_hold_are_found(history: History) -> None:
    history.reads.append(read("bars", 6.2, 6.3, after=everything(15), counts=bars(n=2, one=1, two=0)))
    assert "a read after a write contains it" in broken(history)


def test_bars_that_say_they_are_behind_may_lack_it(history: History) -> None:
    history.reads.append(read("bars", 6.2, 6.3, after=everything(15), behind=True, counts=bars(n=2, one=1, two=0)))
    history.reads.append(read("bars", 6.2, 6.3, counts={}))
    assert broken(history) == set()


def test_a_list_that_differs_from_the_fold_is_found(history: History) -> None:
    history.reads[4] = replace(history.reads[4], rows={ANN: Row("open", 3), BOB: Row("completed", None)})
    assert "the list equals the fold" in broken(history)


def test_a_student_missing_from_the_list_is_found(history: History) -> None:
    history.reads[4] = replace(history.reads[4], rows={ANN: Row("open", 2)})
    assert "the list equals the fold" in broken(history)


def test_a_stranger_on_the_list_is_found(history: History) -> None:
    rows = history.reads[4].rows | {"carl": Row("open", None)}
    history.reads[4] = replace(history.reads[4], rows=rows)
    assert "the list equals the fold" in broken(history)


def test_a_list_that_goes_back_is_found(history: History) -> None:
    history.reads.append(read("list", 7.0, 7.1, rows={ANN: Row("open", 1), BOB: Row("completed", None)}))
    assert "no answer goes back" in broken(history)


def test_a_plan_that_lacks_an_acknowledged_write_is_found(history: History) -> None:
    history.reads.append(read("plan", 2.2, 2.25, subject=stream(ANN), version=1, plan_status="open"))
    assert "a read after a write contains it" in broken(history)


def test_a_plan_that_goes_back_behind_what_somebody_saw_is_found(history: History) -> None:
    history.reads.append(read("plan", 7.0, 7.1, subject=stream(ANN), version=2, plan_status="open", tags=("a2",)))
    assert "a read after a write contains it" in broken(history)


@pytest.mark.parametrize("tags", [("a2",), ("a2", "a3", "a3"), ("a2", "a3", "b3")], ids=["lost", "twice", "refused"])
def test_a_plan_whose_tags_differ_from_the_fold_is_found(history: History, tags: tuple[str, ...]) -> None:
    history.reads[5] = replace(history.reads[5], tags=tags)
    assert "the plan equals the fold" in broken(history)


def test_a_plan_seen_before_anybody_asked_for_it_is_found(history: History) -> None:
    history.reads.append(read("plan", 2.5, 2.6, subject=stream(ANN), version=3, plan_status="open", tags=("a2", "a3")))
    assert "no count beyond the truth" in broken(history)


def test_half_of_a_commit_shown_is_found(history: History) -> None:
    history.kept[4] = kept(15, BOB, 2, "id-b2", update("i1", 2), ("plan-completed", {}))
    history.reads.append(read("plan", 7.0, 7.1, subject=stream(BOB), version=2, plan_status="open", tags=("b2",)))
    assert "a commit is whole" in broken(history)


def test_a_plan_that_vanished_although_it_is_there_is_found(history: History) -> None:
    history.reads.append(read("plan", 7.0, 7.1, subject=stream(ANN), status=404))
    assert "the plan equals the fold" in broken(history)


def test_a_reader_who_is_refused_is_found(history: History) -> None:
    history.reads[3] = replace(history.reads[3], status=403)
    assert "reads answer" in broken(history)


def test_a_draft_that_is_not_listed_is_found(history: History) -> None:
    history.kept.append(_draft(16))
    history.writes.append(replace(wrote("d1", 5.5, 5.6, ANN, 16, do="draft"), streams=("demo/template/d1",), placed=("demo/template/d1",)))
    history.writes[-1] = replace(history.writes[-1], positions={partition("demo/template/d1"): 16_000})
    history.published += [replace(each, partition=partition("demo/template/d1")) for each in published(_draft(16), 90)]
    assert broken(history) == {"the drafts equal the fold"}
    history.reads[-1] = replace(history.reads[-1], tags=("c1e0-d1",))
    assert broken(history) == set()
    history.reads[-1] = replace(history.reads[-1], tags=("c1e0-d1", "c1e0-d1"))
    assert broken(history) == {"the drafts equal the fold"}


def _draft(position: int) -> Any:
    event = {"template": "d1", "content": {"title": "c1e0-d1"}}
    return replace(kept(position, ANN, 1, "id-d1", ("template-drafted", event)), stream="demo/template/d1", key="demo/template/d1")


def test_what_the_harness_saw_go_wrong_is_a_fault(history: History) -> None:
    history.troubles.append(Trouble(check="it comes back", words="no answer", at=3.0))
    assert broken(history) == {"it comes back"}


@dataclass(frozen=True)
class Fold:
    updates: tuple[tuple[str, Any, str], ...]
    current: Any


@pytest.mark.parametrize(
    "case",
    [
        Fold((("overall", 1, "2026-01-02"), ("overall", 2, "2026-01-01")), 1),
        Fold((("overall", 1, "2026-01-01"), ("overall", 2, "2026-01-01")), 2),
        Fold((), None),
    ],
    ids=["a later day wins", "of one day the later record wins", "never updated"],
)
def test_the_reference_takes_the_latest_effective_update(case: Fold) -> None:
    from tests.campaign.reference import after, row

    plan = after(None, "plans.student-assigned.v1", {}, "")
    for item, value, effective in case.updates:
        plan = after(plan, "plans.item-updated.v1", {"item": item, "value": value, "effective": effective}, "")
    assert row(plan) == Row("open", case.current)
