"""Why a decision was not taken. Each carries the facts a person needs to put it right; texts stand in `api/refusals.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from waymark.events.catalogue.plans import Outcome, Scale


class Fault(Struct, frozen=True):
    """One thing wrong in what was asked: where (a path of keys and indexes), a stable code, and what is allowed."""

    place: tuple[str | int, ...]
    code: str
    allowed: int | float | str | tuple[int, ...] | None = None


class Unfit(Exception):
    """A scale or template breaks rules of its own; all faults at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(each.code for each in faults))
        self.faults = tuple(faults)


class ScaleUnknown(Exception):
    """There is no such scale."""


class KindFixed(Exception):
    """A level scale never becomes a points scale, nor the other way: what was judged on it would lose its meaning."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class TemplateUnknown(Exception):
    """There is no such template."""


class TemplatePublished(Exception):
    """A published template no longer changes; clone it (P5, P10, P11)."""


class TemplateDraft(Exception):
    """Students are put on published templates only (P9)."""


class PlanUnknown(Exception):
    """The student is not on this plan."""


class PlanClosed(Exception):
    """A completed or removed plan takes no further fact until it is reactivated (P17, P37)."""

    def __init__(self, status: Outcome) -> None:
        super().__init__(status)
        self.status = status


class PlanOpen(Exception):
    """Only a completed or removed plan can be reactivated (P36)."""


class ItemUnknown(Exception):
    """The template has no such item. `allowed` are its items, and `overall` where it applies."""

    def __init__(self, item: str, allowed: Sequence[str]) -> None:
        super().__init__(item)
        self.item, self.allowed = item, tuple(allowed)


class ItemHidden(Exception):
    """A hidden item takes no updates; show it first (P19)."""

    def __init__(self, item: str) -> None:
        super().__init__(item)
        self.item = item


class NotCustomisable(Exception):
    """This template does not let educators show and hide items (P18)."""


class NotOnScale(Exception):
    """The value is none that the item takes (P25). `scale` is null for an item of free text."""

    def __init__(self, value: object, scale: Scale | None) -> None:
        super().__init__(type(value).__name__)
        self.value, self.scale = value, scale


class FutureDate(Exception):
    """What has not happened yet cannot be recorded (P26). `today` is the district's."""

    def __init__(self, effective: date, today: date) -> None:
        super().__init__(effective.isoformat())
        self.effective, self.today = effective, today


class TooLongAgo(Exception):
    """A date that far back is a slip of the pen; recorded facts are never taken back, so it is refused."""

    def __init__(self, effective: date, earliest: date) -> None:
        super().__init__(effective.isoformat())
        self.effective, self.earliest = effective, earliest
