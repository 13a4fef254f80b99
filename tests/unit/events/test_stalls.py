"""A partition that holds more and delivers nothing is told after half a minute, and no longer when it goes on or is another's."""

from __future__ import annotations

from prometheus_client import REGISTRY

from waymark.events.stalls import STALLED, Stalls


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def shown(source: str, part: int) -> float | None:
    return REGISTRY.get_sample_value("partition_stalled", {"source": source, "partition": str(part)})


def test_a_partition_is_stalled_when_nothing_came_for_long_although_it_holds_more() -> None:
    clock = Clock()
    stalls = Stalls("stalled", clock)
    assert stalls.look({0: 5, 1: 5}, {0: 9, 1: 5}) == set()
    clock.now += STALLED
    assert stalls.look({0: 5, 1: 5}, {0: 9, 1: 5}) == {0}
    assert (shown("stalled", 0), shown("stalled", 1)) == (1, 0)
    assert stalls.look({0: 6, 1: 5}, {0: 9, 1: 5}) == set()
    assert shown("stalled", 0) == 0


def test_a_quiet_partition_is_given_the_whole_time_once_it_holds_more() -> None:
    clock = Clock()
    stalls = Stalls("quiet", clock)
    stalls.look({0: 5}, {0: 5})
    clock.now += 10 * STALLED
    assert stalls.look({0: 5}, {0: 6}) == set()
    clock.now += STALLED - 1
    assert stalls.look({0: 5}, {0: 6}) == set()
    clock.now += 1
    assert stalls.look({0: 5}, {0: 6}) == {0}


def test_a_partition_that_somebody_else_reads_now_is_not_ours_to_report() -> None:
    clock = Clock()
    stalls = Stalls("given away", clock)
    stalls.look({0: 5}, {0: 6})
    clock.now += STALLED
    assert stalls.look({0: 5}, {0: 6}) == {0}
    assert stalls.look({}, {}) == set()
    assert shown("given away", 0) == 0
