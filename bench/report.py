"""What a row found, and how it is told: a table of verdicts for all rows, then each row's contestants."""

from __future__ import annotations

import math
import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from msgspec import Struct

from bench.measure import Series

PACKAGES = ("msgspec", "pymongo", "kafka-python", "crc32c", "flask", "gunicorn", "eventsourcing")


class Verdict(Struct, frozen=True, kw_only=True):
    """One target. `met` is None where nothing was asked or nothing could be measured; `reason` says why it was missed."""

    what: str
    ours: str
    anchor: str = ""
    limit: str = ""
    target: str
    reached: str
    met: bool | None
    reason: str = ""

    @property
    def told(self) -> str:
        if self.met is None:
            return self.reason or "stated"
        return "met" if self.met else f"**missed**: {self.reason or 'see the row'}"


class Course(Struct, kw_only=True):
    """Contestants that ran against each other. `limit` names the one that nothing can pass."""

    title: str
    unit: str
    series: list[Series]
    limit: str = ""


class Report(Struct, kw_only=True):
    """One row of the table."""

    number: int
    work: str
    durability: str
    verdicts: list[Verdict] = []
    courses: list[Course] = []
    notes: list[str] = []
    seconds: float = 0.0

    def course(self, title: str, unit: str, series: Mapping[str, Series], limit: str = "") -> None:
        self.courses.append(Course(title=title, unit=unit, series=list(series.values()), limit=limit))

    def ask(self, what: str, ours: Series, target: str, met: bool | None, reached: str, **told: str | Series) -> None:
        """Add a verdict on a figure; `anchor` and `limit` may be given as the contestants that they are."""
        texts = {name: each if isinstance(each, str) else short(each.rate) for name, each in told.items()}
        self.verdicts.append(Verdict(what=what, ours=short(ours.rate), target=target, met=met, reached=reached, **texts))


def short(number: float) -> str:
    """A figure in three digits."""
    if math.isnan(number):
        return ""
    for limit, divisor, letter in ((1e6, 1e6, "M"), (1e3, 1e3, "k")):
        if abs(number) >= limit:
            return f"{number / divisor:.3g}{letter}"
    return f"{number:.3g}"


def times(number: float) -> str:
    return f"{number:.2f} times"


def share(number: float) -> str:
    return f"{number:.0%}"


def milliseconds(seconds: float) -> str:
    return "" if math.isnan(seconds) else f"{seconds * 1000:.3g} ms"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return [*lines, *(f"| {' | '.join(each)} |" for each in rows)]


def told(reports: Sequence[Report], form: str) -> str:
    """Everything, as Markdown."""
    lines = [machine(), "", f"Form: {form}. Rates are per second. A verdict compares medians of ratios within one repetition.", ""]
    lines += table(
        ("#", "work", "ours", "anchor", "limit", "target", "reached", "verdict"),
        (
            (str(report.number), each.what, each.ours, each.anchor, each.limit, each.target, each.reached, each.told)
            for report in reports
            for each in report.verdicts
        ),
    )
    for report in reports:
        lines += ["", f"### {report.number}. {report.work}", "", f"{report.durability} Took {report.seconds:.0f} s."]
        lines += [line for course in report.courses for line in _course(course)]
        lines += ["", *(f"- {each}" for each in report.notes)] if report.notes else []
    return "\n".join(lines) + "\n"


def _course(course: Course) -> list[str]:
    limit = next((each for each in course.series if each.name == course.limit), None)
    head = ["contestant", f"{course.unit}/s", "slowest to fastest", "processor s per 1,000"]
    if limit is not None:
        head.append("share of limit")
    waits = any(lap.waits for each in course.series for lap in each.laps)
    counted = sorted({name for each in course.series for lap in each.laps for name in lap.counts})
    head += ["p50", "p95", "p99", "worst"] if waits else []
    rows: list[list[str]] = []
    for each in course.series:
        low, high = each.spread
        row = [each.name, short(each.rate), f"{short(low)} to {short(high)}", f"{each.cpu:.3f}"]
        row += [share(each.rate / limit.rate)] if limit is not None else []
        row += [milliseconds(each.wait(part)) for part in (0.5, 0.95, 0.99, 1.0)] if waits else []
        rows.append([*row, *(short(each.count(name)) for name in counted)])
    return ["", f"{course.title}:", "", *table([*head, *counted], rows)]


def machine() -> str:
    """Where it ran."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    load = os.getloadavg()[0]
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release().partition('-')[0]}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}; load average at the end {load:.1f}."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
