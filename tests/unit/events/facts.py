"""Small events, folds and adapters for the engine's own tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from waymark.events.catalogue.roster import OrganisationRetired, RoleGranted, RoleRevoked
from waymark.events.envelope import PARTITIONS, Event, Meta, Recorded, partition
from waymark.events.project import Projection
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews


class Staff(Struct, frozen=True):
    """Who holds a role at an organisation: one document an organisation, fed by many people's streams."""

    org: str
    people: tuple[str, ...] = ()


def fold_staff(key: str, staff: Staff | None, recorded: Recorded) -> Staff | None:
    known = staff or Staff(key.rpartition("/")[2])
    match recorded.event:
        case RoleGranted(person=person):
            if person == "poison":
                raise ValueError("cannot fold this one")
            return Staff(known.org, tuple(sorted({*known.people, person})))
        case RoleRevoked(person=person):
            left = tuple(each for each in known.people if each != person)
            return Staff(known.org, left) if left else None
        case _:
            raise AssertionError(recorded.event)


def staff_keys(recorded: Recorded) -> list[str]:
    event = recorded.event
    return [f"{recorded.district}/staff/{event.org}"] if isinstance(event, RoleGranted | RoleRevoked) else []


STAFF = Projection(
    name="staff",
    version=1,
    source="roster",
    types=(RoleGranted, RoleRevoked),
    document=Staff,
    keys=staff_keys,
    evolve=fold_staff,
    indexes=(("org",),),
)


def granted(person: str = "p", org: str = "school") -> RoleGranted:
    return RoleGranted(person=person, role="teacher", org=org)


def revoked(person: str = "p", org: str = "school") -> RoleRevoked:
    return RoleRevoked(person=person, role="teacher", org=org)


def retired(org: str = "school") -> OrganisationRetired:
    return OrganisationRetired(org=org)


def a_store(folder: Path, service: str = "roster") -> SqliteStore:
    return SqliteStore(Database(folder / "events.db", "NORMAL"), service)


def some_views(folder: Path, name: str = "views") -> SqliteViews:
    return SqliteViews(Database(folder / f"{name}.db", "NORMAL"), "plans")


def record(store: SqliteStore, person: str, *events: Event) -> None:
    """Add one commit to a person's stream, whatever its version."""
    stream = f"d/person/{person}"
    version = max((commit.last_version for commit in store.read(stream, 0)), default=0)
    store.append(stream, person, events, version, f"{version}", Meta())


def recorded(event: Event, position: int, person: str = "p", version: int = 1) -> Recorded:
    return Recorded(
        event=event,
        stream=f"d/person/{person}",
        version=version,
        key=person,
        partition=partition(person, PARTITIONS),
        position=position,
        index=0,
        at=datetime.fromtimestamp(position, UTC),
    )
