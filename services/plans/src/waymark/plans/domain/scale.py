"""A scale: levels from first to last, or a number of points. What a level's code means never changes."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from waymark.events.catalogue.plans import Level, LevelScale, PointsScale, Scale, ScaleDefined, ScaleRevised
from waymark.events.catalogue.types import Author
from waymark.plans.domain.refusals import Fault, KindFixed, ScaleUnknown, Unfit
from waymark.plans.domain.texts import TITLE, title_faults

MOST_LEVELS = 50
HIGHEST_CODE = 250  # a level takes one byte in a sheet; 0 says that there is none yet
LABEL = 60  # characters
SHORT = 12  # characters
MOST_POINTS = 1_000_000.0
COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
ScaleEvent = ScaleDefined | ScaleRevised


class AskedLevel(Struct, frozen=True, kw_only=True):
    """A level as it is asked for; one without a code is new and gets its code here."""

    code: int | None = None
    label: str
    short: str
    colour: str


class AskedLevels(Struct, frozen=True, kw_only=True):
    title: str
    levels: tuple[AskedLevel, ...]


Asked = AskedLevels | PointsScale


class ScaleState(Struct, frozen=True, kw_only=True):
    """`highest` is the highest code any level ever had: codes are never used again."""

    id: str
    definition: Scale
    highest: int


def evolve(state: ScaleState | None, event: ScaleEvent) -> ScaleState:
    highest = max((level.code for level in event.definition.levels), default=0) if isinstance(event.definition, LevelScale) else 0
    return ScaleState(id=event.scale, definition=event.definition, highest=max(highest, state.highest if state else 0))


def define(state: ScaleState | None, scale: str, asked: Asked, *, by: Author) -> list[ScaleEvent]:
    """A new scale (P4). On creating, levels may bring codes of their own. Raises Unfit."""
    return [] if state else [ScaleDefined(scale=scale, definition=_definition(asked, None), by=by)]


def revise(state: ScaleState | None, asked: Asked, *, by: Author) -> list[ScaleEvent]:
    """Change a scale; templates already published keep theirs (P5). Raises ScaleUnknown, KindFixed, Unfit."""
    if state is None:
        raise ScaleUnknown
    if isinstance(asked, AskedLevels) != isinstance(state.definition, LevelScale):
        raise KindFixed("levels" if isinstance(state.definition, LevelScale) else "points")
    definition = _definition(asked, state)
    return [] if definition == state.definition else [ScaleRevised(scale=state.id, definition=definition, by=by)]


def _definition(asked: Asked, state: ScaleState | None) -> Scale:
    if isinstance(asked, PointsScale):
        faults = [*title_faults(asked.title, ("title",), TITLE), *_point_faults(asked)]
        if faults:
            raise Unfit(faults)
        return asked
    faults = [*title_faults(asked.title, ("title",), TITLE), *_level_faults(asked.levels, state)]
    if faults:
        raise Unfit(faults)
    return LevelScale(title=asked.title, levels=_coded(asked.levels, state.highest if state else 0))


def _coded(levels: Sequence[AskedLevel], highest: int) -> tuple[Level, ...]:
    last = max([highest, *(level.code or 0 for level in levels)])
    coded: list[Level] = []
    for level in levels:
        last += level.code is None
        coded.append(Level(code=level.code or last, label=level.label, short=level.short, colour=level.colour.lower()))
    if last > HIGHEST_CODE:
        raise Unfit([Fault(("levels",), "codes-used-up", HIGHEST_CODE)])
    return tuple(coded)


def _point_faults(asked: PointsScale) -> Iterator[Fault]:
    for name, value in (("minimum", asked.minimum), ("maximum", asked.maximum)):
        if not (math.isfinite(value) and abs(value) <= MOST_POINTS):
            yield Fault((name,), "out-of-range", MOST_POINTS)
    if asked.minimum >= asked.maximum:
        yield Fault(("maximum",), "not-above-minimum", asked.minimum)


def _level_faults(levels: Sequence[AskedLevel], state: ScaleState | None) -> Iterator[Fault]:
    if not levels:
        yield Fault(("levels",), "too-few", 1)
    if len(levels) > MOST_LEVELS:
        yield Fault(("levels",), "too-many", MOST_LEVELS)
    codes = Counter(level.code for level in levels)
    labels = Counter(level.label.casefold() for level in levels)
    known = tuple(level.code for level in state.definition.levels) if state and isinstance(state.definition, LevelScale) else None
    for at, level in enumerate(levels):
        place = ("levels", at)
        yield from title_faults(level.label, (*place, "label"), LABEL)
        yield from title_faults(level.short, (*place, "short"), SHORT)
        if labels[level.label.casefold()] > 1:
            yield Fault((*place, "label"), "duplicate")
        if not COLOUR.fullmatch(level.colour):
            yield Fault((*place, "colour"), "not-a-colour", "#rrggbb")
        if level.code is not None:
            if not 1 <= level.code <= HIGHEST_CODE:
                yield Fault((*place, "code"), "out-of-range", HIGHEST_CODE)
            elif codes[level.code] > 1:
                yield Fault((*place, "code"), "duplicate")
            elif known is not None and level.code not in known:
                yield Fault((*place, "code"), "unknown-code", known)
