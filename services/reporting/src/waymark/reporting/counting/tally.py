"""How many: each item's levels, points or answers under a selection (P19, P21, P22)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from waymark.events.catalogue.plans import Item, LevelScale, PointsScale, Scale
from waymark.reporting.counting.chunk import Values, codes, numbers
from waymark.reporting.counting.selection import Selected
from waymark.reporting.domain.bars import Answers, Bar, Bucket, Levels, Points, bar

MOST_BUCKETS = 10


def counted(selection: Sequence[Selected]) -> int:
    """N: plans that are open."""
    return sum(each.count for each in selection)


def count_item(selection: Sequence[Selected], item: Item, scale: Scale | None) -> Bar:
    """One item's bar: whom it is hidden for leaves its N, whoever was never judged on it is counted as not yet updated."""
    hidden, found = 0, list[Values]()
    for each in selection:
        values, hides = each.chunk.values.get(item.id), each.chunk.hidden.get(item.id)
        shown = None
        if hides is not None:
            shown = ~hides[each.rows]
            hidden += len(shown) - int(np.count_nonzero(shown))
        if values is not None:
            found.append(values[each.rows] if shown is None else values[each.rows][shown])
    n = counted(selection) - hidden
    if isinstance(scale, LevelScale):
        return bar(item, n, hidden, Levels(scale, _by_code(found)))
    if isinstance(scale, PointsScale):
        return bar(item, n, hidden, _points(found, scale))
    return bar(item, n, hidden, Answers(sum(int(np.count_nonzero(codes(each))) for each in found)))


def _by_code(found: Sequence[Values]) -> dict[int, int]:
    total = np.zeros(256, np.int64)
    for each in found:
        total += np.bincount(codes(each), minlength=256)
    return {code: int(total[code]) for code in np.flatnonzero(total).tolist() if code}


def _points(found: Sequence[Values], scale: PointsScale) -> Points:
    values = np.concatenate([numbers(each) for each in found]) if found else np.zeros(0)
    values = values[~np.isnan(values)]
    edges = _edges(scale)
    # The last bucket holds its upper edge too; numpy's own convention.
    counts = np.histogram(values, edges)[0].tolist()
    buckets = tuple(Bucket(start, end, count) for start, end, count in zip(edges[:-1].tolist(), edges[1:].tolist(), counts, strict=True))
    if not len(values):
        return Points(0, None, None, None, None, buckets)
    middle = float(np.median(values))
    return Points(len(values), round(float(values.mean()), 4), middle, float(values.min()), float(values.max()), buckets)


def _edges(scale: PointsScale) -> NDArray[np.float64]:
    """Buckets of equal width over the whole scale: of one point each where those are few, else ten."""
    width = scale.maximum - scale.minimum
    whole = float(scale.minimum).is_integer() and float(width).is_integer() and 0 < width <= MOST_BUCKETS
    return np.linspace(scale.minimum, scale.maximum, (int(width) if whole else MOST_BUCKETS) + 1)
