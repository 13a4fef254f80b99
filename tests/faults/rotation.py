"""What the processes do whose rotations are killed, or met by others, at every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from tests.faults.steps import Steps
from waymark.events.keys import Keys
from waymark.events.mongo import keys as on_mongo
from waymark.events.mongo.database import connect
from waymark.events.sqlite import keys as on_sqlite
from waymark.events.sqlite.database import Database

OLD, NEW = b"o" * 32, b"n" * 32
PEOPLE: Final = tuple(f"p{number}" for number in range(5))
GONE: Final = "gone"
AT_ONCE: Final = 2  # people a batch, so that five take three


_clients: list[Any] = []


_databases: dict[str, str] = {}


def drop_databases() -> None:
    """All that were opened in this process."""
    close_clients()
    while _databases:
        name, url = _databases.popitem()
        client = connect(url, name).client
        client.drop_database(name)
        client.close()


def close_clients() -> None:
    """Those of this process's keyrings on a document database."""
    while _clients:
        _clients.pop().close()


class Ring(Struct, frozen=True):
    """A keyring's address: a folder, or a database."""

    folder: Path
    mongodb: str = ""
    database: str = ""

    def open(self, master: bytes, *day: int) -> Keys:
        """As a process has it whose clock shows noon of this day."""
        at = datetime(day[0], day[1], day[2], 12, tzinfo=UTC)
        if self.mongodb:
            on_mongo.AT_ONCE = AT_ONCE
            database = connect(self.mongodb, self.database)
            _clients.append(database.client)
            _databases[self.database] = self.mongodb
            return on_mongo.MongoKeys(database, master, lambda: at)
        on_sqlite._CHUNK = AT_ONCE
        return on_sqlite.SqliteKeys(Database(self.folder / "keys.db", "FULL", on_sqlite.SECURE), master, lambda: at)


def september(ring: Ring, master: bytes = OLD) -> Keys:
    return ring.open(master, 2026, 9, 4)


def november(ring: Ring, master: bytes = OLD) -> Keys:
    return ring.open(master, 2026, 11, 4)


def unwatched(_done: int, _of: int) -> None:
    pass


def rotate(keys: Keys) -> Any:
    return keys.rotate(unwatched)


def rewrap(keys: Keys) -> Any:
    return keys.rewrap(NEW)


VERBS: Final[dict[str, Callable[[Keys], Any]]] = {"rotate": rotate, "rewrap": rewrap}


def first(ring: Ring, verb: str, step: str | None, nth: int, seen: Path) -> None:
    """Do it and die at the step; without one, write down every step there was."""
    steps = Steps(step, nth)
    steps.watch()
    keys = november(ring)
    with steps.armed():
        VERBS[verb](keys)
    seen.write_text("\n".join(steps.seen))
