"""How many: each item's levels, points or answers under a selection (P19, P21, P22)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from waymark.events.catalogue.plans import Item, LevelScale, PointsScale, Scale
from waymark.reporting.counting.chunk import Tally, codes, numbers
from waymark.reporting.counting.selection import Selected
from waymark.reporting.domain.bars import Answers, Bar, Bucket, Levels, Points, bar

MOST_BUCKETS = 10


def counted(selection: Sequence[Selected]) -> int:
    """N: plans that are open."""
    return sum(each.count for each in selection)


def count_item(selection: Sequence[Selected], item: Item, scale: Scale | None) -> Bar:
    """One item's bar: whom it is hidden for leaves its N, whoever was never judged on it is counted as not yet updated."""
    ordered = isinstance(scale, PointsScale)
    tallies = [_tally(each, item.id, ordered) for each in selection]
    hidden = sum(each.hidden for each in tallies)
    n = counted(selection) - hidden
    if isinstance(scale, LevelScale):
        return bar(item, n, hidden, Levels(scale, _by_code(tallies)))
    if isinstance(scale, PointsScale):
        everybody = all(isinstance(each.rows, slice) for each in selection)
        return bar(item, n, hidden, _points(tallies, scale, _middle_of_all if everybody else _middle))
    return bar(item, n, hidden, Answers(sum(int(each.found[1:].sum()) for each in tallies)))


def _tally(selected: Selected, item: str, ordered: bool) -> Tally:
    """Of all rows it is kept: it changes with the chunk alone."""
    if not isinstance(selected.rows, slice):
        return _counted(selected, item, ordered)
    kept, key = selected.chunk.tallies, (item, ordered)
    if key not in kept:
        kept[key] = _counted(selected, item, ordered)
    return kept[key]


def _counted(selected: Selected, item: str, ordered: bool) -> Tally:
    chunk, rows, hidden = selected.chunk, selected.rows, 0
    values = chunk.values.get(item, _NOTHING)
    found = values[rows] if len(values) else values
    if item in chunk.hidden:
        shown = ~chunk.hidden[item][rows]
        hidden = len(shown) - int(np.count_nonzero(shown))
        found = found[shown] if len(found) else found
    if not ordered:
        return Tally(hidden, np.bincount(codes(found), minlength=256))
    known = numbers(found)
    return Tally(hidden, np.sort(known[~np.isnan(known)]))


_NOTHING = np.zeros(0, np.uint8)


def _by_code(tallies: Sequence[Tally]) -> dict[int, int]:
    total = np.zeros(256, np.int64)
    for each in tallies:
        total += each.found.astype(np.int64, copy=False)
    return {code: int(total[code]) for code in np.flatnonzero(total).tolist() if code}


def _points(tallies: Sequence[Tally], scale: PointsScale, middle: Callable[[tuple[Tally, ...]], float]) -> Points:
    edges = _edges(scale)
    found = tuple(each for each in tallies if len(each.found))
    counts = sum((_within(each.found, edges) for each in found), np.zeros(len(edges) - 1, np.int64)).tolist()
    buckets = tuple(Bucket(start, end, count) for start, end, count in zip(edges[:-1].tolist(), edges[1:].tolist(), counts, strict=True))
    if not found:
        return Points(0, None, None, None, None, buckets)
    count, total = sum(len(each.found) for each in found), math.fsum(float(each.found.sum()) for each in found)
    least, most = min(float(each.found[0]) for each in found), max(float(each.found[-1]) for each in found)
    return Points(count, round(total / count, 4), middle(found), least, most, buckets)


def _within(ordered: NDArray[np.int64 | np.float64], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many numbers each bucket holds; the last one holds its upper edge too."""
    upto = np.searchsorted(ordered, edges, "left")
    upto[-1] = np.searchsorted(ordered, edges[-1], "right")
    return np.diff(upto).astype(np.int64, copy=False)


def _middle(tallies: tuple[Tally, ...]) -> float:
    return float(np.median(np.concatenate([each.found for each in tallies])))


_middle_of_all = lru_cache(maxsize=16)(_middle)
"""For some of the last ones asked for: a median is the one figure that does not follow from the chunks' own."""


def _edges(scale: PointsScale) -> NDArray[np.float64]:
    """Buckets of equal width over the whole scale: of one point each where those are few, else ten."""
    width = scale.maximum - scale.minimum
    whole = float(scale.minimum).is_integer() and float(width).is_integer() and 0 < width <= MOST_BUCKETS
    return np.linspace(scale.minimum, scale.maximum, (int(width) if whole else MOST_BUCKETS) + 1)
