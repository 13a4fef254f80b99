"""A database with the guarantees that every adapter relies on, and one error for "does not answer"."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from waymark.events.store import Unavailable

Documents = Database[dict[str, Any]]
MOST_WRITES = 10_000  # a bulk; one supported server refuses more than 25,000 although it announces 100,000


def connect(url: str, name: str) -> Documents:
    """The database `name`: majority writes and reads from the primary, answers within 5 s or Unavailable."""
    client: MongoClient[dict[str, Any]] = MongoClient(
        url, serverSelectionTimeoutMS=5_000, socketTimeoutMS=10_000, connectTimeoutMS=5_000, tz_aware=True
    )
    return client.get_database(name, write_concern=WriteConcern("majority"), read_concern=ReadConcern("majority"))


@contextmanager
def answering() -> Generator[None]:
    """Turns the driver's failures into Unavailable; duplicate keys pass, they are an answer."""
    try:
        yield
    except (DuplicateKeyError, BulkWriteError):
        raise
    except PyMongoError as problem:
        raise Unavailable(f"documents: {problem!r}") from problem


def duplicates_only(problem: BulkWriteError) -> bool:
    """Whether a bulk failed for duplicate keys and nothing else. The key's name in the error differs by server: never read."""
    errors: list[dict[str, Any]] = (problem.details or {}).get("writeErrors", [])
    return bool(errors) and all(each.get("code") == 11000 for each in errors)
