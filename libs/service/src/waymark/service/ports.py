"""What a service is handed: adapters behind the engine's ports, and who may ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct

from waymark.events.keys import Keyring
from waymark.events.store import Store
from waymark.events.views import Views
from waymark.service.directory import Directory
from waymark.service.identity import Identity


def utc_now() -> datetime:
    return datetime.now(UTC)


class Ports(Struct, frozen=True, kw_only=True):
    """`store` is null for a service that records nothing of its own; `clock` answers in UTC."""

    service: str
    store: Store | None
    views: Views
    keyring: Keyring
    directory: Directory
    identity: Identity
    clock: Callable[[], datetime] = utc_now
