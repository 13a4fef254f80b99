"""Acknowledged = stored: what was acknowledged is there once, what is unknown at most once, what was refused not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from tests.campaign.checks.fault import Fault
from tests.campaign.history import History, Kept, Write
from tests.campaign.reference import partition

ALLOWED = {"plan-closed", "plan-open", "item-hidden", "not-on-scale", "version-stale", "not-found"}
"""Refusals that the workload asks for: writers race each other, and some of what they send is wrong."""


def writing(history: History) -> Iterator[Fault]:
    stored: dict[str, dict[str, Kept]] = {}
    for each in history.kept:
        stored.setdefault(each.commit, {})[each.stream] = each
    asked: set[str] = set()
    for op, attempts in groupby(sorted(history.writes, key=lambda each: (each.op, each.attempt)), key=lambda each: each.op):
        tries = list(attempts)
        asked.add(tries[0].commit)
        yield from _operation(op, tries, stored.get(tries[0].commit, {}))
    for each in history.kept:
        if each.commit not in asked:
            yield Fault("nothing unasked", f"nobody asked for {each.stream}/{each.version} at position {each.position} ({each.commit})")


def _operation(op: str, tries: Sequence[Write], found: dict[str, Kept]) -> Iterator[Fault]:
    for stream in found.keys() - set(tries[0].streams):
        yield Fault("nothing unasked", f"{op} ({tries[0].do}) had an effect on {stream}")
    for each in tries:
        if each.status == 500:
            yield Fault("nothing answers 500", f"{op} ({each.do}), attempt {each.attempt}: {each.code}")
        if each.outcome == "refused" and each.code not in ALLOWED:
            yield Fault("nothing is refused without reason", f"{op} ({each.do}), attempt {each.attempt}: {each.status} {each.code}")
        if each.outcome == "acknowledged":
            yield from _acknowledged(each, found)
    last = tries[-1]
    if all(each.outcome == "refused" for each in tries) and found:
        yield Fault("a refused write is absent", f"{op} ({last.do}) was refused ({last.code}) and is stored in {sorted(found)}")
    if len(tries) == 1 and last.outcome == "acknowledged" and (more := found.keys() - set(last.placed)):
        yield Fault("an answer tells every effect", f"{op} ({last.do}) does not tell of {sorted(more)}")


def _acknowledged(write: Write, found: dict[str, Kept]) -> Iterator[Fault]:
    for stream in write.placed:
        kept = found.get(stream)
        if kept is None:
            yield Fault("an acknowledged write is stored", f"{write.op} ({write.do}) was acknowledged and is not in {stream}")
        elif write.positions.get(partition(kept.key), 0) < kept.position * 1000 + kept.count - 1:
            yield Fault("the answer's position holds the write", f"{write.op}: stored at {kept.position}, told {write.positions}")
    told = set(write.positions.values())
    if told and not told <= {each.position * 1000 + each.count - 1 for each in found.values()}:
        yield Fault(
            "the answer's position holds the write", f"{write.op}: told {write.positions}, stored at {[e.position for e in found.values()]}"
        )
