"""The keyring on the MongoDB protocol, in a database of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pymongo.errors import BulkWriteError, DuplicateKeyError

from waymark.events.keys import PersonForgotten
from waymark.events.mongo.database import MOST_WRITES, Documents, answering, duplicates_only
from waymark.events.store import Unavailable
from waymark.events.wrapping import month, new_key, unwrap, wrap


class MongoKeys:
    """`waymark.events.keys.Keys`. A tombstone is a person's document with neither month nor key."""

    def __init__(self, database: Documents, master: bytes) -> None:
        self._people, self._months, self._districts = database["people"], database["months"], database["districts"]
        self._master = master
        self._known: dict[str, bytes] = {}

    def get(self, people: Collection[str]) -> Mapping[str, bytes]:
        return {each: key for each, key in self._held(people).items() if key is not None}

    def create(self, people: Collection[str]) -> Mapping[str, bytes]:
        held = self._held(people)
        missing = [each for each in people if each not in held]
        if missing:
            current = month()
            wrapping = self._month(current)
            made = [{"_id": each, "month": current, "wrapped": wrap(wrapping, new_key(), each)} for each in missing]
            for start in range(0, len(made), MOST_WRITES):
                try:
                    with answering():
                        self._people.insert_many(made[start : start + MOST_WRITES], ordered=False)
                except BulkWriteError as problem:
                    if not duplicates_only(problem):
                        raise Unavailable(f"keyring: {problem!r}") from problem
            held = self._held(people)  # another process may have been first: what is stored is the key
        gone = [each for each in people if held.get(each) is None]
        if gone:
            raise PersonForgotten(gone)
        return {each: key for each, key in held.items() if key is not None}

    def forget(self, person: str) -> None:
        with answering():
            self._people.replace_one({"_id": person}, {"month": None, "wrapped": None}, upsert=True)

    def forgotten(self, people: Collection[str]) -> Collection[str]:
        return [each for each, key in self._held(people).items() if key is None]

    def district_key(self, district: str) -> bytes:
        return self._wrapped_by_master(self._districts, district)

    def _held(self, people: Collection[str]) -> dict[str, bytes | None]:
        with answering():
            found: list[dict[str, Any]] = list(self._people.find({"_id": {"$in": list(people)}}))
        return {
            each["_id"]: None if each["wrapped"] is None else unwrap(self._month(each["month"]), each["wrapped"], each["_id"])
            for each in found
        }

    def _month(self, name: str) -> bytes:
        if name not in self._known:
            self._known[name] = self._wrapped_by_master(self._months, name)
        return self._known[name]

    def _wrapped_by_master(self, collection: Any, name: str) -> bytes:
        with answering():
            found = collection.find_one({"_id": name})
            if found is None:
                try:
                    collection.insert_one({"_id": name, "wrapped": wrap(self._master, new_key(), name)})
                except DuplicateKeyError:
                    pass  # another process made it between the two: its key stands
                found = collection.find_one({"_id": name})
        return unwrap(self._master, found["wrapped"], name)
