"""What reporting publishes: that it has erased what it kept of somebody. (Its counts are made of others' events.)

Stream `<district>/person/<id>` (key: the person).
"""

from __future__ import annotations

from typing import ClassVar

from waymark.events.envelope import Event


class PersonErased(Event, frozen=True, kw_only=True):
    """Nothing that reporting keeps tells who a forgotten person was. Counts stay right."""

    type: ClassVar[str] = "reporting.person-erased.v1"
    person: str
    forgotten: int
    erased: dict[str, int]


EVENTS: tuple[type[Event], ...] = (PersonErased,)
