"""The truth of an episode: what its plans were after each commit, folded from the raw events by rules of its own.

None of the product's folds is used: two programs that agree are a better witness than one that agrees with itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tests.campaign.history import History, Kept, Row, Stage

PARTITIONS = 12
FOR_EVER = float("inf")


class Told(Struct, frozen=True):
    """One update: value, effective day, in order of record, and the tag in its note."""

    value: Any
    effective: str
    tag: str


class Plan(Struct, frozen=True):
    """What is on record about one student's plan."""

    status: str
    updates: Mapping[str, tuple[Told, ...]] = {}
    hidden: frozenset[str] = frozenset()

    def current(self, item: str) -> Any:
        """The latest effective one, of several the one recorded last; None: never updated."""
        told = self.updates.get(item, ())
        return max(reversed(told), key=lambda each: each.effective).value if told else None

    def tags(self) -> list[str]:
        return sorted(each.tag for told in self.updates.values() for each in told)


class Moment(Struct, frozen=True):
    """A stream after one of its commits (or, at version 0, before the first)."""

    position: int
    version: int
    plan: Plan | None


class Timeline(Struct, frozen=True):
    """All moments of one stream, in order; the first one is that of nothing."""

    stream: str
    partition: int
    moments: Sequence[Moment]

    def at(self, position: int) -> int:
        """The index of the moment after everything up to this position."""
        return bisect_right(self.moments, position, key=lambda each: each.position) - 1


class Truth:
    """Timelines by stream, and when each position can have existed at the earliest."""

    def __init__(self, history: History) -> None:
        self.stage = history.stage
        tags = {each.commit: each.tag for each in history.writes}
        begun: dict[str, float] = {}
        for each in history.writes:
            begun[each.commit] = min(begun.get(each.commit, FOR_EVER), each.begun)
        prefix = f"{self.stage.district}/plan/{self.stage.template}/"
        self.by_position: dict[int, Kept] = {each.position: each for each in history.kept}
        streams: dict[str, list[Kept]] = {}
        # A position is not there before those below it.
        self._positions: list[int] = []
        self._earliest: list[float] = []
        latest = -FOR_EVER
        for kept in sorted(history.kept, key=lambda each: each.position):
            latest = max(latest, begun.get(kept.commit, -FOR_EVER))
            self._positions.append(kept.position)
            self._earliest.append(latest)
            if kept.stream.startswith(prefix):
                streams.setdefault(kept.stream, []).append(kept)
        self.timelines: dict[str, Timeline] = {stream: timeline(stream, commits, tags) for stream, commits in streams.items()}

    def possible(self, at: float) -> int:
        """The highest position that can have existed at that time."""
        known = bisect_right(self._earliest, at)
        return self._positions[known - 1] if known else self.stage.base

    def student(self, stream: str) -> str:
        return stream.rpartition("/")[2]


def timeline(stream: str, commits: Iterable[Kept], tags: Mapping[str, str]) -> Timeline:
    plan: Plan | None = None
    moments = [Moment(0, 0, None)]
    where = 0
    for each in commits:
        where = partition(each.key)
        for kind, event in each.events:
            plan = after(plan, kind, event, tags.get(each.commit, ""))
        moments.append(Moment(each.position, each.last, plan))
    return Timeline(stream, where, moments)


def after(plan: Plan | None, kind: str, event: Mapping[str, Any], tag: str) -> Plan | None:
    """What an event makes of a plan. Raises ValueError for one that no rule allows there."""
    name = kind.removeprefix("plans.").removesuffix(".v1")
    if name == "student-assigned":
        return Plan("open")
    if plan is None:
        raise ValueError(f"{kind} on no plan")
    match name:
        case "item-updated":
            item = event["item"]
            told = (*plan.updates.get(item, ()), Told(event["value"], event["effective"], tag))
            return replace(plan, updates={**plan.updates, item: told})
        case "item-hidden":
            return replace(plan, hidden=plan.hidden | {event["item"]})
        case "item-shown":
            return replace(plan, hidden=plan.hidden - {event["item"]})
        case "plan-completed":
            return replace(plan, status="completed")
        case "student-removed":
            return replace(plan, status="removed") if event["kept"] else None
        case "plan-reactivated":
            return replace(plan, status="open")
        case _:
            raise ValueError(f"{kind} is no event of a plan in a campaign")


def row(plan: Plan | None) -> Row | None:
    """As the list must show it; None: not at all."""
    return None if plan is None else Row(plan.status, plan.current("overall"))


def counted(plan: Plan | None, stage: Stage) -> dict[str, int]:
    """What one student adds to each figure of the bars. Closed plans add nothing."""
    if plan is None or plan.status != "open":
        return {}
    counts = {"n": 1}
    for item, kind in stage.item_kinds.items():
        if item in plan.hidden:
            counts[f"{item}/hidden"] = 1
            continue
        value = plan.current(item)
        if value is None:
            counts[f"{item}/not-yet"] = 1
        elif kind == "levels":
            counts[f"{item}/{value}"] = 1
        else:
            counts[f"{item}/answered"] = 1
    return counts


def partition(key: str) -> int:
    """Kafka's: murmur2 of the key, its sign bit off, modulo the partitions. Written here anew, as the rest."""
    content, mask, multiplier = key.encode(), 0xFFFFFFFF, 0x5BD1E995
    mixed = 0x9747B28C ^ len(content)
    whole = len(content) & ~3
    for start in range(0, whole, 4):
        word = int.from_bytes(content[start : start + 4], "little") * multiplier & mask
        word = (word ^ word >> 24) * multiplier & mask
        mixed = (mixed * multiplier & mask) ^ word
    if len(content) > whole:
        mixed = (mixed ^ int.from_bytes(content[whole:], "little")) * multiplier & mask
    mixed = (mixed ^ mixed >> 13) * multiplier & mask
    mixed ^= mixed >> 15
    return (mixed & 0x7FFFFFFF) % PARTITIONS
