"""Seeded draws that are the same on every Python and every platform."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

_MASK = (1 << 64) - 1

T = TypeVar("T")


class Draws:
    """A stream of draws that depends on the seed and the path only, so that a person can be drawn again without those before.

    SplitMix64 (Steele, Lea and Flood 2014) over whole numbers. The standard library's `random` is not used, because what its methods
    draw from one seed has differed between versions.
    """

    __slots__ = ("_state",)

    def __init__(self, seed: int, *path: str | int) -> None:
        text = "/".join(str(step) for step in (seed, *path))
        self._state = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")

    def below(self, limit: int) -> int:
        """A whole number from 0 up to and without `limit` (at least 1)."""
        self._state = z = (self._state + 0x9E3779B97F4A7C15) & _MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return ((z ^ (z >> 31)) * limit) >> 64

    def chance(self, per_thousand: int) -> bool:
        """True in that many of a thousand draws."""
        return self.below(1000) < per_thousand

    def pick(self, choices: Sequence[T]) -> T:
        """Any one of the choices."""
        return choices[self.below(len(choices))]

    def pick_early(self, choices: Sequence[T]) -> T:
        """One of the choices, those near the front more often: pools are written with the commonest first."""
        return choices[min(self.below(len(choices)), self.below(len(choices)))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in a drawn order (Fisher-Yates)."""
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order
