"""The trend of one item's updates (P29): least squares of the value over days, with its confidence band, or why there is none.

b = Sxy / Sxx, a = mean(y) - b mean(x). The band is the 95 % confidence interval of the line at day x,
a + b x +- t(0.975, n - 2) s sqrt(1/n + (x - mean(x))^2 / Sxx), with s^2 = SSE / (n - 2) (Draper and Smith, Applied Regression
Analysis, 3rd ed., 1.4 and 3.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import sqrt
from typing import Literal

from msgspec import Struct

METHOD = "least squares of value over days"
FEWEST_POINTS = 3
FEWEST_DATES = 2
BAND_POINTS = 25
Reason = Literal["too-few-points", "one-date", "free-text"]


class At(Struct, frozen=True):
    date: date
    value: float


class Range(Struct, frozen=True):
    date: date
    low: float
    high: float


class Trend(Struct, frozen=True, kw_only=True):
    """A line from the first day to the last of `n` updates, `days` apart. The slope is a level, or points, a week."""

    method: str
    slope_per_week: float
    n: int
    days: int
    start: At
    end: At
    band: tuple[Range, ...]


def trend(points: Sequence[tuple[date, float]]) -> Trend | Reason:
    """The line through (day, value) points: a level's rank in its scale, from 0, or a number of points."""
    if len(points) < FEWEST_POINTS:
        return "too-few-points"
    if len({day for day, _ in points}) < FEWEST_DATES:
        return "one-date"
    first, last = min(day for day, _ in points), max(day for day, _ in points)
    xs, ys, n = [(day - first).days for day, _ in points], [value for _, value in points], len(points)
    mean_x, mean_y = sum(xs) / n, sum(ys) / n
    sxx = sum((x - mean_x) ** 2 for x in xs)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sxx
    errors = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in zip(xs, ys, strict=True))
    spread = student_t(n - 2) * sqrt(errors / (n - 2))
    days = (last - first).days

    def value(x: float) -> float:
        return mean_y + slope * (x - mean_x)

    def within(x: int) -> Range:
        margin = spread * sqrt(1 / n + (x - mean_x) ** 2 / sxx)
        return Range(first + timedelta(days=x), value(x) - margin, value(x) + margin)

    return Trend(
        method=METHOD,
        slope_per_week=slope * 7,
        n=n,
        days=days,
        start=At(first, value(0)),
        end=At(last, value(days)),
        band=tuple(within(x) for x in _spread_over(days)),
    )


def _spread_over(days: int) -> list[int]:
    """At most BAND_POINTS days from 0 to `days`, both included."""
    steps = min(days, BAND_POINTS - 1)
    return [round(step * days / steps) for step in range(steps + 1)]


_EXACT = (12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139)


def student_t(degrees: int) -> float:
    """The 97.5 % point of Student's t distribution: a table up to 10 degrees of freedom, then the Cornish-Fisher expansion
    around the normal one (Abramowitz and Stegun 26.7.5), right to four decimals."""
    if degrees <= len(_EXACT):
        return _EXACT[degrees - 1]
    z, v = 1.959964, float(degrees)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + first / v + second / v**2 + third / v**3 + fourth / v**4
