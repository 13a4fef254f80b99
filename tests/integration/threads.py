"""Loops of workers and relays in threads that end with the test."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def running(*loops: Callable[[threading.Event], None]) -> Iterator[Callable[[int], None]]:
    """Each loop in a thread of its own; the value stops the one of that number early."""
    stops = [threading.Event() for _ in loops]
    threads = [threading.Thread(target=loop, args=(stop,)) for loop, stop in zip(loops, stops, strict=True)]
    for each in threads:
        each.start()

    def stop(number: int) -> None:
        stops[number].set()
        threads[number].join()

    try:
        yield stop
    finally:
        for number in range(len(loops)):
            stop(number)


def eventually(true: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False
