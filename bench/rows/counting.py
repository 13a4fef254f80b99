"""13. Bars of 1,000 and of 95,000 students with 20 items, in process; and what two libraries are worth."""

from __future__ import annotations

import importlib.util
import json
import tempfile
from functools import partial
from pathlib import Path

import msgspec

from bench.bars import Question, prepared, questions
from bench.measure import Lap, Size, race, ratio, repeated
from bench.report import Report, milliseconds, times
from bench.samples import events

FEW, MANY = 1_000, 95_000
FILTERED = (
    "one school",
    "a grade of all schools",
    "home language of many",
    "home language of few",
    "a teacher's 30",
    "reach of two schools",
)
DRILLED = ("behind a segment", "behind a segment, one school")
WARM = ("cold, all", "home language, cold")


def run(size: Size) -> Report:
    report = Report(
        number=13,
        work="Bars",
        durability="Views over SQLite; a process that has been asked before, as every one after its first answer; no HTTP.",
    )
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        few, many = (questions(*prepared(Path(folder), students)) for folder, students in ((small, FEW), (large, MANY)))
        for each in WARM:
            few[each].ask()
            many[each].ask()
        turns = {f"{name}, {FEW:,} students": partial(_asked, few[name], size) for name in ("all students",)}
        turns |= {f"{name}, {MANY:,} students": partial(_asked, many[name], size) for name in ("all students", *FILTERED, *DRILLED)}
        series = race(turns, size)
    report.course("questions", "answers", series)
    all_few, all_many = series[f"all students, {FEW:,} students"], series[f"all students, {MANY:,} students"]
    longer = 1 / ratio(all_many, all_few)
    report.ask(
        "bars, unfiltered, 95,000 students",
        all_many,
        "at most 1.5 times as long as 1,000",
        longer <= 1.5,
        f"{times(longer)}; p99 {milliseconds(all_many.wait(0.99))}",
        reason="every student's statuses are counted at each question",
    )
    for names, what, limit in ((FILTERED, "bars with a filter", 0.02), (DRILLED, "students behind a segment", 0.05)):
        slowest = max((series[f"{name}, {MANY:,} students"] for name in names), key=lambda each: each.wait(0.99))
        report.ask(
            f"{what}, 95,000 students",
            slowest,
            f"p99 under {limit * 1000:.0f} ms",
            slowest.wait(0.99) < limit,
            f"slowest: {slowest.name.partition(',')[0]}, p50 {milliseconds(slowest.wait(0.5))}, p99 {milliseconds(slowest.wait(0.99))}",
            reason="other work on the same two cores shows in p99" if slowest.wait(0.5) < limit else "counted anew at each question",
        )
    _libraries(report, size)
    return report


def _asked(question: Question, size: Size) -> Lap:
    def step() -> int:
        question.ask()
        return 1

    return repeated(step, size.lap, timed=True)


def _libraries(report: Report, size: Size) -> None:
    """Why crc32c is required and why events are read by msgspec."""
    kept = [msgspec.json.encode(each) for each in events(500)]
    decoder = msgspec.json.Decoder(type(events(1)[0]))

    def by_msgspec() -> int:
        return len([decoder.decode(each) for each in kept])

    def by_json() -> int:
        return len([json.loads(each) for each in kept])

    steps = {"msgspec, into structs": by_msgspec, "json, into dicts": by_json}
    if importlib.util.find_spec("crc32c"):
        from crc32c import crc32c
        from kafka.record._crc32c import crc as in_python

        batch = b"".join(kept)
        steps |= {
            "crc32c, a batch of 500 events": lambda: len(kept) * bool(crc32c(batch)),
            "kafka-python's own crc32c, the same batch": lambda: len(kept) * bool(in_python(batch)),
        }
    series = race({name: partial[Lap](repeated, step, size.lap) for name, step in steps.items()}, size)
    report.course("libraries that decoding rests on", "events", series)
