"""One plan with everything that was ever recorded on it: its stream, folded with the times at which it was learned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from msgspec import Struct

from waymark.events.catalogue.plans import ItemUpdated, PlanEvent
from waymark.events.envelope import Recorded
from waymark.events.store import Store
from waymark.plans.domain import plan as rules


class History(Struct, frozen=True, kw_only=True):
    """`plan` is the state after `version`. After a removal that left nothing (`vanished`), it is the one before, for its place;
    `facts` are those since the plan last began, in order of record."""

    plan: rules.Plan
    version: int
    vanished: bool
    facts: Sequence[Recorded]

    def updates(self, item: str) -> list[tuple[ItemUpdated, Recorded]]:
        """An item's updates, newest first: by effective date, then by record (P27)."""
        found = [(each.event, each) for each in self.facts if isinstance(each.event, ItemUpdated) and each.event.item == item]
        return sorted(found, key=lambda update: (update[0].effective, update[1].version), reverse=True)


def history(store: Store, stream: str, version: int | None = None) -> History | None:
    """The plan as of a version (null: the newest); None when the student is not on it and this version did not remove them."""
    plan: rules.Plan | None = None
    last: rules.Plan | None = None
    facts: list[Recorded] = []
    reached = 0
    for commit in store.read(stream, after=0):
        if version is not None and commit.version > version:
            break
        for recorded in commit.recorded():
            if plan is None:
                facts = []
            plan = rules.evolve(plan, cast(PlanEvent, recorded.event))
            last = plan or last
            facts.append(recorded)
            reached = recorded.version
    if last is None or (plan is None and version is None):
        return None
    return History(plan=last, version=reached, vanished=plan is None, facts=() if plan is None else facts)
