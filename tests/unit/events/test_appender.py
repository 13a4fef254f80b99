"""One appender a process: everybody is answered once, whatever placing does."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.unit.events.facts import granted
from waymark.events import appender as module
from waymark.events.appender import Appender, Outcome, Pending
from waymark.events.envelope import Meta
from waymark.events.store import Appended, Conflict, Unavailable


def pending(stream: str = "d/person/p") -> Pending:
    return Pending(stream, "p", [granted()], 0, "c", Meta())


def placed(position: int) -> Appended:
    return Appended(position=position, version=1, partition=0, sequence=position * 1000)


def test_what_waits_is_placed_together() -> None:
    groups: list[int] = []
    gate = threading.Event()

    def place(group: Sequence[Pending]) -> Sequence[Outcome]:
        gate.wait(2)
        groups.append(len(group))
        return [placed(n) for n, _ in enumerate(group)]

    appender = Appender("roster", place)
    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(appender.append, pending(f"d/person/{n}")) for n in range(20)]
        gate.set()
        assert all(isinstance(each.result(), Appended) for each in answers)
    assert sum(groups) == 20
    assert len(groups) < 20
    appender.close()


def test_what_was_not_placed_is_tried_again_and_refusals_reach_their_caller() -> None:
    tries: dict[str, int] = {}

    def place(group: Sequence[Pending]) -> Sequence[Outcome]:
        outcomes: list[Outcome] = []
        for each in group:
            tries[each.stream] = tries.get(each.stream, 0) + 1
            late = each.stream == "late" and tries["late"] < 3
            outcomes.append(None if late else Conflict(each.stream, 7) if each.stream == "refused" else placed(1))
        return outcomes

    appender = Appender("roster", place)
    assert appender.append(pending("late")) == placed(1)
    assert tries["late"] == 3
    with pytest.raises(Conflict):
        appender.append(pending("refused"))
    appender.close()


def test_a_commit_that_cannot_be_placed_in_time_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)

    def place(_: Sequence[Pending]) -> Sequence[Outcome]:
        raise Unavailable("the store is away")

    appender = Appender("roster", place)
    with pytest.raises(Unavailable, match="not placed"):
        appender.append(pending())
    appender.close()


def test_an_unexpected_failure_reaches_its_caller_and_the_appender_lives_on() -> None:
    failures = [ValueError("a fault of ours")]

    def place(group: Sequence[Pending]) -> Sequence[Outcome]:
        if failures:
            raise failures.pop()
        return [placed(1) for _ in group]

    appender = Appender("roster", place)
    with pytest.raises(ValueError, match="a fault of ours"):
        appender.append(pending())
    assert appender.append(pending()) == placed(1)
    appender.close()


def test_closing_waits_until_everybody_is_answered() -> None:
    gate, begun = threading.Event(), threading.Event()

    def place(group: Sequence[Pending]) -> Sequence[Outcome]:
        begun.set()
        gate.wait(2)
        return [placed(1) for _ in group]

    appender = Appender("roster", place)
    with ThreadPoolExecutor(5) as pool:
        answers = [pool.submit(appender.append, pending()) for _ in range(4)]
        begun.wait(2)
        closed = pool.submit(appender.close)
        assert not closed.done()
        gate.set()
        closed.result(2)
        assert [each.result(2) for each in answers] == [placed(1)] * 4


def test_a_lone_writer_places_in_its_own_thread_and_others_place_for_who_waits() -> None:
    threads: list[tuple[int, int]] = []
    gate = threading.Event()

    def place(group: Sequence[Pending]) -> Sequence[Outcome]:
        threads.append((threading.get_ident(), len(group)))
        gate.wait(2)
        return [placed(1) for _ in group]

    appender = Appender("roster", place)
    gate.set()
    appender.append(pending())
    assert threads == [(threading.get_ident(), 1)]
    gate.clear()
    with ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(appender.append, pending()) for _ in range(6)]
        while len(appender._queue) < 5:
            gate.wait(0.001)
        gate.set()
        assert [each.result(2) for each in answers] == [placed(1)] * 6
    assert [count for _, count in threads] == [1, 1, 5]


def test_a_placing_thread_that_is_interrupted_leaves_the_others_placing() -> None:
    gate, first = threading.Event(), threading.Event()

    def place(group: Sequence[Pending]) -> Sequence[Outcome]:
        if not first.is_set():
            first.set()
            gate.wait(2)
            raise KeyboardInterrupt
        return [placed(1) for _ in group]

    appender = Appender("roster", place)
    with ThreadPoolExecutor(3) as pool:
        interrupted = pool.submit(appender.append, pending())
        first.wait(2)
        others = [pool.submit(appender.append, pending()) for _ in range(2)]
        while len(appender._queue) < 2:
            gate.wait(0.001)
        gate.set()
        assert isinstance(interrupted.exception(2), KeyboardInterrupt)
        assert [each.result(2) for each in others] == [placed(1)] * 2
    assert appender.append(pending()) == placed(1)
