"""Projections that the rows fold: a plain counter in three shapes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast
from zlib import crc32

from msgspec import Struct

from waymark.events.catalogue.plans import PLAN_EVENTS, PlanEvent
from waymark.events.envelope import Recorded
from waymark.events.project import Projection

COUNTERS = 100


class Count(Struct, frozen=True):
    """How many events there were."""

    events: int


def count_id(student: str) -> str:
    return f"bench/count/{crc32(student.encode()) % COUNTERS}"


def _counted(recorded: Recorded) -> Iterable[str]:
    return (count_id(cast(PlanEvent, recorded.event).student),)


def _own(recorded: Recorded) -> Iterable[str]:
    return (f"bench/own/{cast(PlanEvent, recorded.event).student}",)


def _count(_key: str, before: Count | None, _recorded: Recorded) -> Count:
    return Count((before.events if before else 0) + 1)


counter = Projection[Count](name="counter", version=1, source="plans", types=PLAN_EVENTS, document=Count, keys=_counted, evolve=_count)
"""A hundred documents, each touched by every batch."""
each_its_own = Projection[Count](name="own", version=1, source="plans", types=PLAN_EVENTS, document=Count, keys=_own, evolve=_count)
"""A document a student: nearly every event of a batch touches another one."""
