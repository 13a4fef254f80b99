"""Which adapters a process runs on. The one place that chooses; everything else is handed what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from waymark.events.feed import Checkpoint, Feed
from waymark.events.relay import Relay
from waymark.events.republish import Published, Turn
from waymark.events.wrapping import master_key
from waymark.service.directory import Counselors
from waymark.service.embedded import Folder
from waymark.service.identity import Identity, Tokens
from waymark.service.jwks import keys_at
from waymark.service.ports import Ports, utc_now
from waymark.service.settings import ServiceSettings, SettingsWrong


class Publishing(Struct, frozen=True):
    """The topic of a service, and whose turn it is to write there."""

    name: str
    turn: Turn
    topic: Published


class Deployment(Protocol):
    """The databases and topics of one deployment, as one service sees them."""

    @property
    def feeds(self) -> Mapping[str, Callable[[], Feed]]:
        """By publishing service, what makes a feed of its events."""
        ...

    def ports(
        self, service: str, identity: Identity, *, counselors: Counselors = "none", clock: Callable[[], datetime] = utc_now
    ) -> Ports: ...

    def relay(self) -> Relay | None:
        """What publishes the service's store, where topics are not the store itself."""
        ...

    def feed_apart(self, source: str) -> Feed:
        """A feed of a service's events that takes nothing from the workers' feeds: for a rebuild or a check."""
        ...

    def waiting(self, source: str, checkpoints: Mapping[int, Checkpoint]) -> int:
        """About how much of a service's events waits beyond these checkpoints: commits of a store, records of a topic."""
        ...

    def publishing(self) -> Publishing | None:
        """Where the service's events are published, where topics are not the store itself."""
        ...

    def close(self) -> None: ...


def open_deployment(service: str, settings: ServiceSettings) -> Deployment:
    """MongoDB and Kafka where WAYMARK_MONGODB_URL is set, else the folder that WAYMARK_DATA names.

    The folder's master key is made at the first start, unless a file of one is named; a cluster's is always named. Raises
    SettingsWrong.
    """
    named = settings.master_key
    if not settings.mongodb_url:
        return open_folder(settings)
    if not settings.kafka_bootstrap or named is None:
        raise SettingsWrong(["WAYMARK_MONGODB_URL is set: WAYMARK_KAFKA_BOOTSTRAP and WAYMARK_MASTER_KEY_FILE must be set with it."])
    from waymark.service.distributed import Cluster

    return Cluster(service, settings.mongodb_url, settings.kafka_bootstrap, _master(named, create=False), settings.prefix)


def open_folder(settings: ServiceSettings) -> Folder:
    """The embedded databases of the folder that WAYMARK_DATA names. Raises SettingsWrong."""
    named = settings.master_key
    return Folder(settings.folder, _master(named or settings.folder / "master.key", create=named is None))


def _master(path: Path, create: bool) -> bytes:
    try:
        return master_key(path, create)
    except (OSError, ValueError) as problem:
        raise SettingsWrong([f"WAYMARK_MASTER_KEY_FILE: {problem}. It names a file with 32 bytes in hex."]) from problem


def identity(settings: ServiceSettings) -> Identity:
    """Sign-in tokens of the issuer that the settings name."""
    return Tokens(keys_at(settings.jwks_url), settings.issuer, settings.audience)
