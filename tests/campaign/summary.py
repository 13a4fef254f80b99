"""What a run came to, as one JSON document: what benches and the reliability page quote."""

from __future__ import annotations

import os
import platform
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from tests.campaign.checks.fault import Fault
from tests.campaign.checks.publishing import sent_again
from tests.campaign.history import History
from tests.campaign.recovery import attempts, named, recoveries, times

ROOT = Path(__file__).parents[2]


class Told(Struct, kw_only=True):
    """Of one episode: what the summary of the run is added up from, and what a resumed run knows of it."""

    episode: int
    seconds: float
    kills: dict[str, int]
    pauses: int
    ended_by_themselves: int
    operations: dict[str, int]
    attempts: dict[str, int]
    done: dict[str, int]
    reads: dict[str, int]
    commits: int
    sent_again: int
    recoveries: dict[str, list[float | None]]
    faults: list[Fault]
    history: str


def told(history: History, faults: list[Fault], seconds: float, path: Path) -> Told:
    kills = Counter(named(each.parts) for each in history.blows if each.what == "kill")
    first = {each.op: each.do for each in history.writes}
    return Told(
        episode=history.stage.episode,
        seconds=round(seconds, 1),
        kills=dict(kills),
        pauses=sum(each.what == "pause" for each in history.blows),
        ended_by_themselves=sum(each.what == "ended-by-itself" for each in history.blows),
        operations=dict(Counter(attempts(history.writes).values())),
        attempts=dict(Counter(each.outcome for each in history.writes)),
        done=dict(Counter(first.values())),
        reads=dict(Counter(each.what for each in history.reads)),
        commits=len(history.kept),
        sent_again=sent_again(history),
        recoveries={" / ".join(name): found for name, found in recoveries(history).items()},
        faults=faults,
        history=path.name,
    )


def summary(mode: str, seed: int, asked: int, episodes: list[Told]) -> dict[str, Any]:
    """Of a run so far."""
    kills, operations, tries, done, reads = (
        sum((Counter(getattr(each, name)) for each in episodes), Counter[str]())
        for name in ("kills", "operations", "attempts", "done", "reads")
    )
    found: dict[str, list[float | None]] = {}
    for each in episodes:
        for name, seconds in each.recoveries.items():
            found.setdefault(name, []).extend(seconds)
    wrong = [{"episode": each.episode, "history": each.history, "faults": each.faults} for each in episodes if each.faults]
    return {
        "commit": _commit(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "mode": mode,
        "seed": seed,
        "kills_asked": asked,
        "kills": dict(sorted(kills.items())),
        "kills_total": sum(kills.values()),
        "pauses": sum(each.pauses for each in episodes),
        "ended_by_themselves": sum(each.ended_by_themselves for each in episodes),
        "episodes": len(episodes),
        "seconds": round(sum(each.seconds for each in episodes), 1),
        "operations_total": sum(operations.values()),
        "operations": dict(operations),
        "attempts": dict(tries),
        "operations_by_kind": dict(sorted(done.items())),
        "reads": dict(sorted(reads.items())),
        "commits": sum(each.commits for each in episodes),
        "sent_again_by_the_relay": sum(each.sent_again for each in episodes),
        "first_correct_answer_seconds": {name: told for name, seconds in sorted(found.items()) if (told := times(seconds))},
        "verdict": "every promise kept" if not wrong else f"{len(wrong)} of {len(episodes)} histories fail",
        "failing": wrong,
    }


def write(path: Path, content: Any) -> None:
    """Whole or not at all: a run may be broken off at any moment."""
    part = path.with_suffix(".part")
    part.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
    part.replace(path)


def _commit() -> str:
    command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "rev-parse", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
