"""Threads that do the same at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from bench.measure import Lap, processor


def side_by_side(steps: Sequence[Callable[[], int]], seconds: float) -> Lap:
    """Each step again and again in a thread of its own, for so many seconds. A step that raises ends the turn with it."""
    units, waits, problems = [0] * len(steps), list[float](), list[BaseException]()
    used, began = processor(), time.perf_counter()
    end = began + seconds

    def work(number: int) -> None:
        own: list[float] = []
        try:
            now = time.perf_counter()
            while now < end:
                units[number] += steps[number]()
                before, now = now, time.perf_counter()
                own.append(now - before)
        except BaseException as problem:  # noqa: BLE001 -- told by the thread that asked
            problems.append(problem)
        waits.extend(own)

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(len(steps))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if problems:
        raise problems[0]
    return Lap(units=sum(units), seconds=time.perf_counter() - began, cpu=processor() - used, waits=waits)
