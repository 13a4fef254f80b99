"""The district's own record: its name, time zone and language."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec import Struct

from waymark.events.catalogue.roster import DistrictDescribed
from waymark.events.envelope import Event

_NO_ZONES = ("Factory", "localtime", "posix", "right/")
"""What zoneinfo opens beside the zones: what this machine or nobody goes by, copies, and zones that count leap seconds."""


class District(Struct, frozen=True):
    name: str
    time_zone: str
    locale: str


class TimeZoneUnknown(Exception):
    """There is no such IANA time zone."""

    def __init__(self, time_zone: str) -> None:
        super().__init__(time_zone)
        self.time_zone = time_zone


def evolve(known: District | None, event: Event) -> District | None:
    if isinstance(event, DistrictDescribed):
        return District(event.name, event.time_zone, event.locale)
    return known


def describe(known: District | None, name: str, time_zone: str, locale: str) -> list[Event]:
    """Say what the district is, unless that is what was said last. Raises TimeZoneUnknown."""
    if time_zone.startswith(_NO_ZONES):
        raise TimeZoneUnknown(time_zone)
    try:
        ZoneInfo(time_zone)
    except (ValueError, KeyError, OSError) as problem:  # ill-formed, unknown, or a folder of zones
        raise TimeZoneUnknown(time_zone) from problem
    if known == District(name, time_zone, locale):
        return []
    return [DistrictDescribed(name=name, time_zone=time_zone, locale=locale)]


def zone_of(known: District | None) -> ZoneInfo:
    """The zone whose date is "today" for the district; UTC until it is described."""
    return ZoneInfo(known.time_zone if known else "UTC")
