"""What an item can be judged as: a level, a number of points, or free text (P7)."""

from __future__ import annotations

import math

from waymark.events.catalogue.plans import LevelScale, Scale
from waymark.events.catalogue.types import Sealed
from waymark.plans.domain.refusals import NotOnScale

Value = int | float | Sealed


def on_scale(value: int | float | str | Sealed, scale: Scale | None) -> Value:
    """The value as it is recorded: a level's code is an integer. Raises NotOnScale (P25)."""
    if isinstance(value, Sealed):
        if scale is None:
            return value
    elif not isinstance(value, (str, bool)) and scale is not None and math.isfinite(value):
        if isinstance(scale, LevelScale):
            if value in {level.code for level in scale.levels}:
                return int(value)
        elif scale.minimum <= value <= scale.maximum:
            return value
    raise NotOnScale(value, scale)
