"""How long after a kill each component gave its first correct answer, read off a history."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from tests.campaign.history import History, Read, Write

COMPONENTS = ("a write", "a plan", "the list", "the bars")


class Times(Struct, frozen=True):
    """Seconds. `overtaken`: kills after which the next one fell before there was an answer."""

    median: float
    worst: float
    kills: int
    overtaken: int


def recoveries(history: History) -> dict[tuple[str, str], list[float | None]]:
    """By (what was killed, component): for each kill the seconds until an answer that was begun after it and is as it must be
    (a list and bars: one that holds everything acknowledged before the question). None: overtaken by the next kill."""
    answers = {
        "a write": [(each.begun, each.ended) for each in history.writes if each.outcome == "acknowledged"],
        "a plan": _answers(history.reads, "plan", holding=False),
        "the list": _answers(history.reads, "list", holding=True),
        "the bars": _answers(history.reads, "bars", holding=True),
    }
    kills = [each for each in history.blows if each.what == "kill"]
    found: dict[tuple[str, str], list[float | None]] = {}
    for number, kill in enumerate(kills):
        following = kills[number + 1].at if number + 1 < len(kills) else float("inf")
        for component, given in answers.items():
            ended = min((end for begin, end in given if begin >= kill.at), default=float("inf"))
            seconds = ended - kill.at if ended <= following and ended < float("inf") else None
            found.setdefault((named(kill.parts), component), []).append(seconds)
    return found


def named(parts: Sequence[str]) -> str:
    """What a kill is counted as."""
    return parts[0] if len(parts) == 1 else "several"


def _answers(reads: Iterable[Read], what: str, holding: bool) -> list[tuple[float, float]]:
    return [
        (each.begun, each.ended)
        for each in reads
        if each.what == what and each.status == 200 and not each.behind and (each.after or not holding)
    ]


def times(seconds: Sequence[float | None]) -> Times | None:
    told = [each for each in seconds if each is not None]
    if not told:
        return None
    return Times(round(statistics.median(told), 3), round(max(told), 3), len(seconds), len(seconds) - len(told))


def attempts(writes: Iterable[Write]) -> Mapping[str, str]:
    """What became of each operation: acknowledged if any attempt was, unknown if none was and any is, else refused."""
    rank = {"refused": 0, "unknown": 1, "acknowledged": 2}
    outcomes: dict[str, str] = {}
    for each in writes:
        outcomes[each.op] = max(outcomes.get(each.op, "refused"), each.outcome, key=rank.__getitem__)
    return outcomes
