"""The harness itself: schedules come from the seed, histories survive their file, times are read off them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.campaign.history import Blow, Journal, read_history
from tests.campaign.recovery import attempts, recoveries, times
from tests.campaign.reference import partition
from tests.campaign.schedule import Step, distributed_steps, standalone_steps
from tests.unit.campaign.tale import ANN, refused, sound, unanswered, wrote
from waymark.events import envelope


@pytest.mark.parametrize("steps", [standalone_steps, distributed_steps])
def test_the_same_seed_gives_the_same_blows(steps: Callable[[int, int, int], list[Step]]) -> None:
    assert steps(7, 3, 20) == steps(7, 3, 20)
    assert steps(7, 3, 20) != steps(8, 3, 20)
    assert sum(2 if each.again else 1 for each in steps(7, 3, 20)) == 20


def test_a_history_is_read_as_it_was_written(tmp_path: Path) -> None:
    history = sound()
    journal = Journal(tmp_path / "history.jsonl")
    for each in (history.stage, *history.writes, *history.reads, *history.blows, *history.kept, *history.published):
        journal.add(each)
    journal.close()
    assert read_history(tmp_path / "history.jsonl") == history


def test_a_history_that_was_broken_off_before_its_stage_is_refused(tmp_path: Path) -> None:
    (tmp_path / "history.jsonl").write_bytes(b"")
    with pytest.raises(ValueError, match="no stage"):
        read_history(tmp_path / "history.jsonl")


def test_the_first_correct_answer_is_one_that_was_begun_after_the_kill() -> None:
    history = sound()
    found = recoveries(history)
    assert found["plans api", "a write"] == [pytest.approx(4.1 - 3.2)]
    assert found["plans api", "the bars"] == [pytest.approx(6.1 - 3.2)]


def test_a_kill_before_the_answer_to_the_one_before_is_told_as_overtaken() -> None:
    history = sound()
    history.blows.append(Blow(what="kill", parts=("plans api",), at=3.9))
    seconds = recoveries(history)["plans api", "a write"]
    assert seconds == [None, pytest.approx(4.1 - 3.9)]
    told = times(seconds)
    assert told is not None
    assert (told.kills, told.overtaken) == (2, 1)


def test_an_operation_is_acknowledged_if_any_attempt_was() -> None:
    writes = [
        unanswered("x", 1, 2, ANN),
        wrote("x", 2, 3, ANN, 11, attempt=2),
        unanswered("y", 1, 2, ANN),
        refused("y", 2, 3, ANN, attempt=2),
        refused("z", 1, 2, ANN),
    ]
    assert attempts(writes) == {"x": "acknowledged", "y": "unknown", "z": "refused"}


@pytest.mark.parametrize("key", ["", "a", "ann", "demo/template/1", "grüße", "f95c2111da6d5dca967793d5e1be4fbe"])
def test_the_reference_places_keys_as_the_platform_does(key: str) -> None:
    assert partition(key) == envelope.partition(key, envelope.PARTITIONS)
