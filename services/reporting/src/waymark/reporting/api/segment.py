"""A segment of a bar as an address names it: a level's code, or one of three words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from waymark.events.catalogue.plans import LevelScale, Scale
from waymark.reporting.counting.segments import WORDS, Segment


class SegmentUnknown(Exception):
    """The item's bar has no such segment; `allowed` are those it has."""

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__(", ".join(allowed))
        self.allowed = tuple(allowed)


def segment_of(text: str, scale: Scale | None) -> Segment:
    """Raises SegmentUnknown."""
    levels = {str(level.code): level.code for level in scale.levels} if isinstance(scale, LevelScale) else {}
    if text in levels:
        return levels[text]
    if text not in WORDS:
        raise SegmentUnknown([*levels, *WORDS])
    return cast(Segment, text)
