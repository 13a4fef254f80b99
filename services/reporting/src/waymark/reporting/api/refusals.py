"""The one table of what this service refuses, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from waymark.reporting.api.access import FutureDay
from waymark.reporting.api.segment import SegmentUnknown
from waymark.service.problems import Fault, Refusal


def _future(refused: FutureDay) -> dict[str, Any]:
    latest = refused.today.isoformat()
    return {"errors": [Fault("query:as_of", "future-date", f"Today ({latest}) or earlier.", {"maximum": latest})]}


def _segment(refused: SegmentUnknown) -> dict[str, Any]:
    return {"errors": [Fault("query:segment", "not-allowed", "This item's bar has no such segment.", list(refused.allowed))]}


REFUSALS: Final[Mapping[type[Exception], Refusal]] = {
    FutureDay: Refusal(422, "future-date", "The date is in the future", lambda _: "How things stand then is not known yet.", _future),
    SegmentUnknown: Refusal(
        422, "segment-unknown", "No such segment", lambda refused: f"Choose one of {', '.join(refused.allowed)}.", _segment
    ),
}
