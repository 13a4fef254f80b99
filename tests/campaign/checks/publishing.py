"""Stored = published: each event is on the topic, in order within its partition, without a gap; what was sent again is what was there."""

from __future__ import annotations

from collections.abc import Iterator

from tests.campaign.checks.fault import Fault
from tests.campaign.history import History, Published
from tests.campaign.reference import partition

Place = tuple[int, int]


def publishing(history: History) -> Iterator[Fault]:
    """A relay that died between a batch and its checkpoint sends that batch again: readers drop it by its sequence, and so do we."""
    wanted: dict[int, list[tuple[Place, str, int]]] = {}
    for each in sorted(history.kept, key=lambda each: each.position):
        for index in range(each.count):
            wanted.setdefault(partition(each.key), []).append(((each.position, index), each.stream, each.version + index))
    found: dict[int, list[Published]] = {}
    for each in sorted(history.published, key=lambda each: (each.partition, each.offset)):
        found.setdefault(each.partition, []).append(each)
    for where in wanted.keys() | found.keys():
        yield from _partition(where, wanted.get(where, []), found.get(where, []), history.stage.base)


def _partition(where: int, wanted: list[tuple[Place, str, int]], found: list[Published], base: int) -> Iterator[Fault]:
    reached: Place = (base, 1000)
    first: list[tuple[Place, str, int]] = []
    for each in found:
        if (each.position, each.index) > reached:
            reached = (each.position, each.index)
            first.append((reached, each.stream, each.version))
        elif each.position > base and ((each.position, each.index), each.stream, each.version) not in first[-5000:]:
            yield Fault(
                "order per partition", f"partition {where}, offset {each.offset}: {each.stream}/{each.version} was passed over before"
            )
    if first != wanted:
        at = next((at for at, (one, other) in enumerate(zip(wanted, first, strict=False)) if one != other), min(len(wanted), len(first)))
        expected = wanted[at] if at < len(wanted) else None
        got = first[at] if at < len(first) else None
        yield Fault("stored = published", f"partition {where}: expected {expected}, found {got} ({len(first)} of {len(wanted)} events)")


def sent_again(history: History) -> int:
    """Records on the topic that readers drop."""
    places = [(each.partition, each.position, each.index) for each in history.published]
    return len(places) - len(set(places))
