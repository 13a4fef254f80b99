"""Processes that work at the same time: started once, told when to take a turn, each answering with its lap."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

from bench.measure import Lap, together

Worker = Callable[[float], Lap]
"""Works for so many seconds."""
STARTING = 60.0  # seconds


class Crew:
    """`count` processes, each made by `make(number, *arguments)`, which returns its Worker."""

    def __init__(self, count: int, make: Callable[..., Worker], *arguments: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._ends: list[Connection] = []
        self._processes: list[Any] = []
        for number in range(count):
            here, there = context.Pipe()
            process = context.Process(target=_member, args=(there, make, number, *arguments), daemon=True)
            process.start()
            there.close()
            self._ends.append(here)
            self._processes.append(process)
        self._answers(STARTING)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _raised: BaseException | None, _trace: TracebackType | None) -> None:
        for each in self._ends:
            each.close()
        for process in self._processes:
            process.join(5)
            if process.is_alive():
                process.kill()
                process.join()

    def __call__(self, seconds: float, some: int | None = None) -> Lap:
        """All of them (or the first `some`) at once; their laps as one."""
        for each in self._ends[:some]:
            each.send(seconds)
        return together(self._answers(seconds + STARTING, some))

    def _answers(self, patience: float, some: int | None = None) -> list[Any]:
        found: list[Any] = []
        for each in self._ends[:some]:
            if not each.poll(patience):
                raise TimeoutError("a process of the crew does not answer")
            found.append(each.recv())
        return found


def _member(told: Connection, make: Callable[..., Worker], number: int, *arguments: Any) -> None:
    work = make(number, *arguments)
    told.send(None)
    while True:
        try:
            seconds = told.recv()
        except EOFError:
            return
        told.send(work(seconds))
