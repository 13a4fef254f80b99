"""Percentages that people can add up."""

from __future__ import annotations

from collections.abc import Sequence


def percentages(counts: Sequence[int]) -> list[float]:
    """Shares of the sum with one decimal that add up to 100.0 (all 0.0 where the sum is 0).

    Largest remainder (Hamilton): each gets its whole tenths, those with the largest remainders one more; of equals the first.
    """
    total = sum(counts)
    if not total:
        return [0.0] * len(counts)
    tenths = [count * 1000 // total for count in counts]
    left = 1000 - sum(tenths)
    by_remainder = sorted(range(len(counts)), key=lambda at: -(counts[at] * 1000 % total))
    for at in by_remainder[:left]:
        tenths[at] += 1
    return [each / 10 for each in tenths]
