"""A small history that keeps every promise, told by hand: each test breaks one thing in it."""

from __future__ import annotations

from typing import Any

from tests.campaign.checks import faults
from tests.campaign.history import Blow, History, Kept, Published, Read, Row, Stage, Write
from tests.campaign.reference import partition

ANN, BOB = "ann", "bob"
BASE = 10


def stream(student: str) -> str:
    return f"demo/plan/t/{student}"


def stage(mode: str = "distributed") -> Stage:
    kinds: dict[str, Any] = {"overall": "levels", "i1": "points", "i2": "text"}
    return Stage(mode=mode, seed=1, episode=0, district="demo", template="t", base=BASE, item_kinds=kinds, drafts="c1e0-")


def kept(position: int, student: str, version: int, commit: str, *events: tuple[str, dict[str, Any]]) -> Kept:
    named = [(f"plans.{kind}.v1", event) for kind, event in events]
    return Kept(position=position, stream=stream(student), version=version, count=len(named), key=student, commit=commit, events=named)


def update(item: str, value: Any, effective: str = "2026-01-02") -> tuple[str, dict[str, Any]]:
    return "item-updated", {"item": item, "value": value, "effective": effective}


def wrote(op: str, begun: float, ended: float, student: str, position: int, do: str = "update", **changed: Any) -> Write:
    told: dict[str, Any] = {
        "op": op,
        "attempt": 1,
        "do": do,
        "begun": begun,
        "ended": ended,
        "outcome": "acknowledged",
        "status": 201,
        "commit": f"id-{op}",
        "streams": (stream(student),),
        "placed": (stream(student),),
        "positions": {partition(student): position * 1000},
        "tag": op,
    }
    return Write(**told | changed)


def unanswered(op: str, begun: float, ended: float, student: str, **changed: Any) -> Write:
    return wrote(op, begun, ended, student, 0, outcome="unknown", status=0, placed=(), positions={}, **changed)


def refused(op: str, begun: float, ended: float, student: str, **changed: Any) -> Write:
    told: dict[str, Any] = {"outcome": "refused", "status": 409, "code": "plan-closed", "placed": (), "positions": {}}
    return wrote(op, begun, ended, student, 0, **told | changed)


def read(what: Any, begun: float, ended: float, **seen: Any) -> Read:
    return Read(what=what, subject=seen.pop("subject", "t"), begun=begun, ended=ended, **seen)


def everything(position: int) -> dict[int, int]:
    """`?after=` everything up to a position."""
    return dict.fromkeys(range(12), position * 1000)


def published(each: Kept, offset: int) -> list[Published]:
    where = partition(each.key)
    return [
        Published(partition=where, offset=offset + at, stream=each.stream, version=each.version + at, position=each.position, index=at)
        for at in range(each.count)
    ]


def sound(mode: str = "distributed") -> History:
    """Ann and Bob are put on the plan; Ann is judged twice, once without an answer; Bob's plan is completed; one write is refused."""
    commits = [
        kept(11, ANN, 1, "id-a1", ("student-assigned", {})),
        kept(12, BOB, 1, "id-b1", ("student-assigned", {})),
        kept(13, ANN, 2, "id-a2", update("overall", 1)),
        kept(14, ANN, 3, "id-a3", update("overall", 2)),
        kept(15, BOB, 2, "id-b2", ("plan-completed", {})),
    ]
    writes = [
        wrote("a1", 1.0, 1.1, ANN, 11, do="assign"),
        wrote("b1", 1.2, 1.3, BOB, 12, do="assign"),
        wrote("a2", 2.0, 2.1, ANN, 13),
        unanswered("a3", 3.0, 3.5, ANN),
        wrote("b2", 4.0, 4.1, BOB, 15, do="complete"),
        refused("b3", 5.0, 5.1, BOB),
    ]
    reads = [
        read("bars", 2.2, 2.3, after=everything(13), counts=bars(n=2, one=1, two=0)),
        read("list", 2.2, 2.3, after=everything(13), rows={ANN: Row("open", 1), BOB: Row("open", None)}),
        read("plan", 2.2, 2.3, subject=stream(ANN), version=2, plan_status="open", tags=("a2",)),
        read("bars", 6.0, 6.1, after=everything(15), counts=bars(n=1, one=0, two=1)),
        read("list", 6.0, 6.1, after=everything(15), rows={ANN: Row("open", 2), BOB: Row("completed", None)}),
        read("plan", 6.0, 6.1, subject=stream(ANN), version=3, plan_status="open", tags=("a2", "a3")),
        read("drafts", 6.0, 6.1, subject="c1e0-", after=everything(15)),
    ]
    return History(
        stage=stage(mode),
        writes=writes,
        reads=reads,
        blows=[Blow(what="kill", parts=("plans api",), at=3.2), Blow(what="start", parts=("plans api",), at=3.3)],
        kept=commits,
        published=[each for offset, commit in enumerate(commits) for each in published(commit, offset * 2)],
    )


def bars(n: int, one: int, two: int) -> dict[str, int]:
    counts = {"n": n, "overall/1": one, "overall/2": two, "overall/not-yet": n - one - two, "i1/not-yet": n, "i2/not-yet": n}
    return {name: count for name, count in counts.items() if count}


def broken(history: History) -> set[str]:
    """The promises that a history breaks."""
    return {each.check for each in faults(history)}
