"""Bars: what the figures of one item say (P19, P21, P22). N is the open plans for which the item is not hidden."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from waymark.events.catalogue.plans import Item, LevelScale
from waymark.reporting.domain.percent import percentages


class Levels(Struct, frozen=True):
    """How many stand at each level of the scale, by code."""

    scale: LevelScale
    by_code: Mapping[int, int]


class Bucket(Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """Points from `from` (inclusive) to `to` (exclusive, but for the last bucket)."""

    start: float
    end: float
    count: int


class Points(Struct, frozen=True):
    """Points as what they are: a distribution. The figures are null while nobody has any."""

    answered: int
    mean: float | None
    median: float | None
    minimum: float | None
    maximum: float | None
    buckets: tuple[Bucket, ...]


class Answers(Struct, frozen=True):
    """How many have a text."""

    answered: int


class Segment(Struct, frozen=True):
    """A level's part of a bar: n of N, and the percentage."""

    code: int
    label: str
    short: str
    colour: str
    count: int
    percent: float


class NotYet(Struct, frozen=True):
    """Those never updated: the grey segment."""

    count: int
    percent: float


class LevelsBar(Struct, frozen=True, kw_only=True, tag_field="kind", tag="levels"):
    """Segments stand in the scale's order; with `not_yet` their counts add up to n and their percentages to 100.0."""

    item: str
    title: str
    n: int
    hidden: int
    segments: tuple[Segment, ...]
    not_yet: NotYet


class PointsBar(Struct, frozen=True, kw_only=True, tag_field="kind", tag="points"):
    """A distribution of points over the scale."""

    item: str
    title: str
    n: int
    hidden: int
    answered: int
    not_yet: int
    mean: float | None
    median: float | None
    minimum: float | None
    maximum: float | None
    buckets: tuple[Bucket, ...]


class TextBar(Struct, frozen=True, kw_only=True, tag_field="kind", tag="text"):
    """How many were written about."""

    item: str
    title: str
    n: int
    hidden: int
    answered: int
    not_yet: int


Bar = LevelsBar | PointsBar | TextBar


def bar(item: Item, n: int, hidden: int, found: Levels | Points | Answers) -> Bar:
    """The bar of an item that applies to `n` open plans and is hidden in `hidden` more."""
    match found:
        case Levels():
            counts = [found.by_code.get(level.code, 0) for level in found.scale.levels]
            not_yet = n - sum(counts)
            *shares, grey = percentages([*counts, not_yet])
            segments = (
                Segment(level.code, level.label, level.short, level.colour, count, percent)
                for level, count, percent in zip(found.scale.levels, counts, shares, strict=True)
            )
            return LevelsBar(item=item.id, title=item.title, n=n, hidden=hidden, segments=tuple(segments), not_yet=NotYet(not_yet, grey))
        case Points():
            return PointsBar(
                item=item.id,
                title=item.title,
                n=n,
                hidden=hidden,
                answered=found.answered,
                not_yet=n - found.answered,
                mean=found.mean,
                median=found.median,
                minimum=found.minimum,
                maximum=found.maximum,
                buckets=found.buckets,
            )
        case Answers():
            return TextBar(item=item.id, title=item.title, n=n, hidden=hidden, answered=found.answered, not_yet=n - found.answered)
