"""Snapshots on the MongoDB protocol: a document a stream, in the database of the store."""

from __future__ import annotations

from typing import Any

from pymongo.errors import DuplicateKeyError

from waymark.events.mongo.database import Documents, answering
from waymark.events.snapshots import Snapshot


class MongoSnapshots:
    """`waymark.events.snapshots.Snapshots` in the collection `<service>_snapshots`."""

    def __init__(self, database: Documents, service: str) -> None:
        self._snapshots = database[f"{service}_snapshots"]
        with answering():
            self._snapshots.create_index([("key", 1)])

    def get(self, stream: str) -> Snapshot | None:
        with answering():
            found: dict[str, Any] | None = self._snapshots.find_one({"_id": stream})
        if found is None:
            return None
        return Snapshot(
            stream=stream,
            key=found["key"],
            version=found["version"],
            fold=found["fold"],
            state=found["state"],
            commits=tuple(found["commits"]),
        )

    def put(self, snapshot: Snapshot) -> None:
        document = {
            "key": snapshot.key,
            "version": snapshot.version,
            "fold": snapshot.fold,
            "state": snapshot.state,
            "commits": list(snapshot.commits),
        }
        older = {"_id": snapshot.stream, "$or": [{"fold": {"$ne": snapshot.fold}}, {"version": {"$lt": snapshot.version}}]}
        try:
            with answering():
                self._snapshots.replace_one(older, document, upsert=True)
        except DuplicateKeyError:
            pass  # a later one is kept

    def forget(self, key: str) -> None:
        with answering():
            self._snapshots.delete_many({"key": key})
