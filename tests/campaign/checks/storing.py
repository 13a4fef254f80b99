"""The store's own order: positions dense, versions gapless, one record key a stream, one commit once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.campaign.checks.fault import Fault
from tests.campaign.history import History, Kept


def storing(history: History) -> Iterator[Fault]:
    """Every episode has streams of its own, so each of them begins at version 1."""
    kept = sorted(history.kept, key=lambda each: each.position)
    for place, each in enumerate(kept, history.stage.base + 1):
        if each.position != place:
            yield Fault("positions are dense", f"position {place} expected, found {each.position} ({each.stream})")
            break
    heads: dict[str, Kept] = {}
    for each in kept:
        before = heads.get(each.stream)
        expected = before.last + 1 if before else 1
        if each.version != expected:
            yield Fault(
                "versions are gapless", f"{each.stream}: version {expected} expected at position {each.position}, found {each.version}"
            )
        if len(each.events) != each.count:
            yield Fault("a commit is whole", f"{each.stream}/{each.version} has {len(each.events)} of {each.count} events")
        if before and before.key != each.key:
            yield Fault("one record key a stream", f"{each.stream}: {before.key} and {each.key}")
        heads[each.stream] = each
    twice = Counter((each.stream, each.commit) for each in kept)
    for (stream, commit), times in twice.items():
        if times > 1:
            yield Fault("no effect twice", f"{stream} holds commit {commit} {times} times")
