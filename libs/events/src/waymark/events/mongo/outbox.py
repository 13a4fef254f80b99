"""Where a service's relay stands, in a document beside the store, and whose turn it is, in another."""

from __future__ import annotations

import time

from pymongo.errors import DuplicateKeyError

from waymark.events.mongo.database import Documents, answering


class MongoOutbox:
    """`waymark.events.relay.Outbox` in the collection `<service>_relay`.

    No clock is compared with another's, or with itself before it was set: a relay renews its lease by counting up, and whoever
    has seen the same count for as long as the lease runs, on its own monotonic clock, takes it over.
    """

    def __init__(self, database: Documents, service: str) -> None:
        self._relay = database[f"{service}_relay"]
        self._topic = ""
        self._seen: tuple[str, int] = ("", 0)
        self._since = 0.0

    def adopt(self, topic: str) -> None:
        with answering():
            found = self._relay.find_one({"_id": "position"})
            if found is None or found.get("topic") != topic:
                self._relay.replace_one({"_id": "position"}, {"topic": topic, "position": 0}, upsert=True)
        self._topic = topic

    def position(self) -> int:
        with answering():
            found = self._relay.find_one({"_id": "position", "topic": self._topic})
        return found["position"] if found else 0

    def published(self) -> int:
        with answering():
            found = self._relay.find_one({"_id": "position"})
        return found["position"] if found else 0

    def reached(self, position: int) -> None:
        with answering():
            self._relay.update_one({"_id": "position", "topic": self._topic}, {"$max": {"position": position}})

    def lease(self, owner: str, seconds: float) -> bool:
        with answering():
            found = self._relay.find_one({"_id": "turn"})
            if found is None:
                try:
                    self._relay.insert_one({"_id": "turn", "owner": owner, "count": 1})
                except DuplicateKeyError:
                    return False  # somebody was first
                return True
            held = (found["owner"], found["count"])
            if held[0] != owner:
                if held != self._seen:
                    self._seen, self._since = held, time.monotonic()
                if time.monotonic() - self._since < seconds:
                    return False
            renewed = self._relay.update_one(
                {"_id": "turn", "owner": held[0], "count": held[1]}, {"$set": {"owner": owner, "count": held[1] + 1}}
            )
        return renewed.matched_count == 1

    def take(self, owner: str) -> None:
        """Whoever had the turn meets another owner at its next look, and waits as long as this one renews it."""
        with answering():
            self._relay.update_one({"_id": "turn"}, {"$set": {"owner": owner}, "$inc": {"count": 1}}, upsert=True)
