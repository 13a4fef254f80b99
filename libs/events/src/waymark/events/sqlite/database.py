"""Connections to one SQLite file: any number of readers, one writer at a time."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from waymark.events.store import Unavailable

BUSY_SECONDS = 5


class Database:
    """A file in WAL mode. `durability` FULL: a commit survives power loss; NORMAL: it survives a killed process."""

    def __init__(self, path: Path, durability: Literal["FULL", "NORMAL"], pragmas: tuple[str, ...] = ()) -> None:
        self._path, self._pragmas = path, (f"synchronous={durability}", "foreign_keys=OFF", "cache_size=-16000", *pragmas)
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._closing = weakref.finalize(self, _close, self._all)  # also when nobody holds the database any more
        self._lock = threading.RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock:
            self._writer = self._connect()
            self._writer.execute("PRAGMA journal_mode=WAL")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        for pragma in self._pragmas:
            connection.execute(f"PRAGMA {pragma}")
        self._all.append(connection)
        return connection

    def read(self) -> sqlite3.Connection:
        """This thread's reading connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            with self._lock:
                connection = self._connect()
            self._local.connection = connection
        return connection

    @contextmanager
    def write(self) -> Generator[sqlite3.Connection]:
        """A transaction on the one writing connection: committed at the end, rolled back on any exception.

        Raises Unavailable when another process keeps the file locked for 5 s or the disk refuses.
        """
        with self._lock:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                try:
                    yield self._writer
                except BaseException:
                    self._writer.execute("ROLLBACK")
                    raise
                self._writer.execute("COMMIT")
            except sqlite3.OperationalError as problem:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise Unavailable(f"{self._path.name}: {problem}") from problem

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file and truncate it."""
        with self._lock:
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with self._lock:
            self._closing()


def _close(connections: list[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()
    connections.clear()
