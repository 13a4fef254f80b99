"""Contestants take turns in one process: what each did a second, what that cost the processor, and how far it swung."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

from msgspec import Struct


class Size(Struct, frozen=True):
    """How much a run does. `lap` is about how many seconds a contestant's turn takes."""

    full: bool
    repetitions: int
    lap: float

    def of(self, short: int, full: int) -> int:
        """An amount that differs between the two forms."""
        return full if self.full else short


SHORT, FULL = Size(full=False, repetitions=5, lap=0.25), Size(full=True, repetitions=9, lap=2.0)


class Lap(Struct, kw_only=True):
    """One turn. `units` is what was done, `waits` how long single units took (seconds), `counts` what else happened."""

    units: int
    seconds: float
    cpu: float
    waits: list[float] = []
    counts: dict[str, float] = {}

    @property
    def rate(self) -> float:
        return self.units / self.seconds


class Series(Struct, kw_only=True):
    """A contestant's turns."""

    name: str
    laps: list[Lap]

    @property
    def rate(self) -> float:
        """Units a second, the median turn."""
        return median(each.rate for each in self.laps)

    @property
    def spread(self) -> tuple[float, float]:
        """The slowest and the fastest turn, units a second."""
        rates = [each.rate for each in self.laps]
        return min(rates), max(rates)

    @property
    def cpu(self) -> float:
        """Processor seconds for 1,000 units: of this process and its children, not of engines."""
        return median(each.cpu / each.units * 1000 for each in self.laps if each.units)

    def wait(self, part: float) -> float:
        """A quantile over all turns, in seconds; 1.0 is the worst. Not a number where waits were not measured."""
        waits = sorted(wait for each in self.laps for wait in each.waits)
        return waits[min(len(waits) - 1, int(len(waits) * part))] if waits else float("nan")

    def count(self, name: str) -> float:
        return sum(each.counts.get(name, 0) for each in self.laps)


def ratio(ours: Series, theirs: Series) -> float:
    """How many times as fast: the median over the repetitions, each of which ran both within seconds."""
    return median(a.rate / b.rate for a, b in zip(ours.laps, theirs.laps, strict=True))


Turn = Callable[[], Lap]


def race(contestants: Mapping[str, Turn], size: Size) -> dict[str, Series]:
    """Each contestant's turn, `size.repetitions` times after one that does not count, in an order that rotates."""
    names = list(contestants)
    series = {name: Series(name=name, laps=[]) for name in names}
    for number in range(-1, size.repetitions):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            gc.collect()
            lap = contestants[name]()
            if number >= 0:
                series[name].laps.append(lap)
    return series


def repeated(step: Callable[[], int], seconds: float, timed: bool = False) -> Lap:
    """Do `step` for about so many seconds; each answers how many units it did. `timed`: also note how long each took."""
    waits: list[float] = []
    units, used, began = 0, processor(), time.perf_counter()
    end, now = began + seconds, began
    while now < end:
        units += step()
        before, now = now, time.perf_counter()
        if timed:
            waits.append(now - before)
    return Lap(units=units, seconds=now - began, cpu=processor() - used, waits=waits)


def once(work: Callable[[], int]) -> Lap:
    """A turn that does a fixed amount."""
    used, began = processor(), time.perf_counter()
    units = work()
    return Lap(units=units, seconds=time.perf_counter() - began, cpu=processor() - used)


def processor() -> float:
    """Seconds that this process and the children that it waited for have worked."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def together(laps: Sequence[Lap]) -> Lap:
    """What several did at the same time, as one turn."""
    counts: dict[str, float] = {}
    for each in laps:
        for name, count in each.counts.items():
            counts[name] = counts.get(name, 0) + count
    return Lap(
        units=sum(each.units for each in laps),
        seconds=max(each.seconds for each in laps),
        cpu=sum(each.cpu for each in laps),
        waits=[wait for each in laps for wait in each.waits],
        counts=counts,
    )
