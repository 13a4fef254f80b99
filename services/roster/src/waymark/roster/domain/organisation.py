"""An organisation of the district, and what a package changes about it."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from waymark.events.catalogue.roster import OrganisationRecorded, OrganisationRetired
from waymark.events.envelope import Event

Kind = Literal["department", "school", "district", "local", "state", "national"]


class Organisation(Struct, frozen=True, kw_only=True):
    """What is known of it. `digest` is of everything that was said; `version` is the stream's."""

    version: int = 0
    kind: str
    digest: str
    active: bool = True


def evolve(known: Organisation | None, event: Event) -> Organisation | None:
    match event:
        case OrganisationRecorded():
            return Organisation(kind=event.kind, digest=event.digest)
        case OrganisationRetired() if known:
            return replace(known, active=False)
        case _:
            return known


def record(known: Organisation | None, org: str, name: str, kind: Kind, parent: str | None) -> list[Event]:
    """Say what the organisation is, unless that is what was said last."""
    digest = digest_of(name, kind, parent)
    if known and known.active and known.digest == digest:
        return []
    return [OrganisationRecorded(org=org, name=name, kind=kind, parent=parent, digest=digest)]


def retire(known: Organisation | None, org: str) -> list[Event]:
    """Say that it is gone, once."""
    return [OrganisationRetired(org=org)] if known and known.active else []


def digest_of(*content: object) -> str:
    """Equal for equal content, in every process: 32 hex digits."""
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:32]
