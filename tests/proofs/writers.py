"""`python -m tests.proofs.writers <where> <name> <seconds> [<broken>]`: a process that appends and says what was acknowledged.

`<where>` is a folder (SQLite) or `mongodb://...#<database>`. A line on standard output for each acknowledged commit:
`<commit id> <stream> <version> <position>`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

from tests.proofs import broken
from waymark.events.catalogue.roster import RoleGranted
from waymark.events.envelope import Event, Meta
from waymark.events.mongo.database import connect
from waymark.events.mongo.store import MongoStore
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.store import Unavailable

WHOLE = 3
"""Events of each commit."""
BROKEN = {"counter": broken.counting, "early": broken.Early}


def a_store(where: str) -> SqliteStore | MongoStore:
    if where.startswith("mongodb://"):
        url, _, name = where.partition("#")
        return MongoStore(connect(url, name), "roster")
    return SqliteStore(Database(Path(where) / "events.db", "FULL"), "roster")


def events(commit_id: str) -> list[Event]:
    return [RoleGranted(person=commit_id, role="teacher", org=str(number)) for number in range(WHOLE)]


def write(where: str, name: str, seconds: float, how: str) -> None:
    store = a_store(where)
    store = BROKEN[how](store) if how else store
    stream, version, number, end = f"d/person/{name}", 0, 0, time.monotonic() + seconds
    while time.monotonic() < end:
        number += 1
        commit_id = f"{name}-{number}"
        try:
            appended = store.append(stream, name, events(commit_id), version, commit_id, Meta())
        except Unavailable:
            continue
        version = appended.version
        print(commit_id, stream, version, appended.position, flush=True)
    store.close()


@contextmanager
def writing(where: str, name: str, seconds: float, how: str = "") -> Iterator[Popen[str]]:
    """Such a process; it is gone when the block ends."""
    with Popen([sys.executable, "-m", "tests.proofs.writers", where, name, str(seconds), how], stdout=PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4])
