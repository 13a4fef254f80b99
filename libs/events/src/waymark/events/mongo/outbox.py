"""Where a service's relay stands, in a document beside the store."""

from __future__ import annotations

import time

from pymongo.errors import DuplicateKeyError

from waymark.events.mongo.database import Documents, answering


class MongoOutbox:
    """`waymark.events.relay.Outbox` in the collection `<service>_relay`."""

    def __init__(self, database: Documents, service: str) -> None:
        self._relay = database[f"{service}_relay"]

    def position(self) -> int:
        with answering():
            found = self._relay.find_one({"_id": "position"})
        return found["position"] if found else 0

    def reached(self, position: int) -> None:
        with answering():
            self._relay.update_one({"_id": "position"}, {"$max": {"position": position}}, upsert=True)

    def lease(self, owner: str, seconds: float) -> bool:
        now = time.time()
        try:
            with answering():
                self._relay.update_one(
                    {"_id": "lease", "$or": [{"owner": owner}, {"until": {"$lt": now}}]},
                    {"$set": {"owner": owner, "until": now + seconds}},
                    upsert=True,
                )
        except DuplicateKeyError:
            return False  # somebody else's lease runs
        return True
