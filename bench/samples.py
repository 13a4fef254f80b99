"""The events that are appended, read and folded: made from a fixed seed, in two sizes, on many small streams and a few hot ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate
from random import Random
from typing import TypeVar

from waymark.events.catalogue.plans import ItemUpdated
from waymark.events.catalogue.types import Author, Sealed
from waymark.events.envelope import Event, Meta

E = TypeVar("E", bound=Event)

SEED = 20270503
STREAMS = 2_000
META = Meta(actor="p-000001", fingerprint="f" * 43, traceparent="00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")


def events(count: int, large: bool = False) -> list[ItemUpdated]:
    """Status updates of about 200 bytes of JSON; large: 2,000, with a sealed note."""
    chance = Random(SEED)
    return [
        ItemUpdated(
            template="reading",
            student=f"{chance.getrandbits(128):032x}",
            item=f"i{chance.randrange(20)}",
            value=chance.randint(1, 5),
            note=Sealed(f"{chance.getrandbits(128):032x}", chance.randbytes(1_300)) if large else None,
            effective=date(2027, 1, 1 + chance.randrange(28)),
            by=Author(f"{chance.getrandbits(128):032x}", "teacher"),
        )
        for _ in range(count)
    ]


def stream(number: int) -> str:
    return f"bench/plan/reading/{number:032x}"


def key(name: str) -> str:
    return name.rpartition("/")[2]


def zipf(seed: int = SEED) -> Iterator[int]:
    """Stream numbers without end: the first is asked for far more often than the last."""
    chance = Random(seed)
    weights = list(accumulate(1 / (rank + 1) for rank in range(STREAMS)))
    while True:
        yield from chance.choices(range(STREAMS), cum_weights=weights, k=1_000)


def commits(pool: Sequence[E], count: int) -> Iterator[list[E]]:
    """Without end, `count` events at a time."""
    at = 0
    while True:
        if at + count > len(pool):
            at = 0
        yield list(pool[at : at + count])
        at += count
