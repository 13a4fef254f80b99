"""The keyring on the MongoDB protocol, in a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from waymark.events.keys import PersonForgotten, Progress, Rotated
from waymark.events.mongo.database import MOST_WRITES, Documents, answering, duplicates_only
from waymark.events.store import Unavailable
from waymark.events.wrapping import MasterWrong, MonthClosed, MonthKeys, Wrapping, by_master, month, new_key, over, utc_now, wrap

TRIES: Final = 3
AT_ONCE: Final = 500
Document = dict[str, Any]


class MongoKeys:
    """`waymark.events.keys.Keys`.

    A tombstone is a person's document with neither month nor key. A month that is to be destroyed is closed first: whoever
    made a key under it looks afterwards whether it was still open, and whoever closed it looks afterwards whether anybody's key
    is under it. One of the two sees the other.
    """

    def __init__(self, database: Documents, master: bytes, clock: Callable[[], datetime] = utc_now) -> None:
        self._people, self._months, self._districts = database["people"], database["months"], database["districts"]
        self._master, self._clock = master, clock
        self._opened = MonthKeys(lambda name: (self._month(name) or {}).get("wrapped") or b"", lambda: self._master)

    def get(self, people: Collection[str]) -> Mapping[str, bytes]:
        return {each: key for each, key in self._held(people).items() if key is not None}

    def create(self, people: Collection[str]) -> Mapping[str, bytes]:
        held = self._held(people)
        missing = [each for each in people if each not in held]
        if missing:
            self._make(missing)
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
        return by_master(self._master, self._made(self._districts, district)["wrapped"], district)

    def rotate(self, progress: Progress) -> Rotated:
        now = self._clock()
        current, wrapping = self._wrapping()
        earlier = {"month": {"$lt": current}}
        with answering():
            done, total, last = 0, self._people.count_documents(earlier), ""
            while found := list(self._people.find({**earlier, "_id": {"$gt": last}}).sort("_id", 1).limit(AT_ONCE)):
                last = found[-1]["_id"]
                done += self._rewrapped(found, current, wrapping)
                progress(done, max(done, total))
        destroyed, kept = self._destroy(current, now)
        self._opened.drop()
        return Rotated(month=current, rewrapped=done, destroyed=tuple(destroyed), kept=tuple(kept))

    def rewrap(self, master: bytes) -> int:
        changed = 0
        for collection in (self._months, self._districts):
            with answering():
                for each in list(collection.find({"wrapped": {"$ne": b""}})):
                    name, wrapped = each["_id"], each["wrapped"]
                    try:
                        by_master(master, wrapped, name)
                    except MasterWrong:
                        anew = wrap(master, by_master(self._master, wrapped, name), name)
                        changed += collection.update_one({"_id": name, "wrapped": wrapped}, {"$set": {"wrapped": anew}}).modified_count
        self._master = master
        self._opened.drop()
        return changed

    def _make(self, people: Collection[str]) -> None:
        """Keys for those who have none yet. Those whom another process was faster to give one keep that."""
        name, wrapping = self._wrapping()
        keys = {each: new_key() for each in people}
        made: list[Document] = [{"_id": each, "month": name, "wrapped": wrapping.wrap(key, each)} for each, key in keys.items()]
        for start in range(0, len(made), MOST_WRITES):
            try:
                with answering():
                    self._people.insert_many(made[start : start + MOST_WRITES], ordered=False)
            except BulkWriteError as problem:
                if not duplicates_only(problem):
                    raise Unavailable(f"keyring: {problem!r}") from problem
        while (self._month(name) or {}).get("closed"):  # by a rotation, since the insert was begun
            name, wrapping = self._wrapping()
            anew: list[Document] = [{"_id": each, "month": name, "wrapped": wrapping.wrap(key, each)} for each, key in keys.items()]
            self._replace(list(zip(made, anew, strict=True)))
            made = anew

    def _rewrapped(self, found: Collection[Document], current: str, wrapping: Wrapping) -> int:
        """How many of these are wrapped under `current` now, by us: who was forgotten meanwhile stays forgotten."""
        anew: list[tuple[Document, Document]] = []
        for each in found:
            try:
                key = self._opened.of(each["month"]).unwrap(each["wrapped"], each["_id"])
            except (MonthClosed, InvalidTag):  # a rotation beside this one was here first
                self._opened.drop()
                continue
            anew.append((each, {**each, "month": current, "wrapped": wrapping.wrap(key, each["_id"])}))
        return self._replace(anew)

    def _replace(self, changes: Collection[tuple[Document, Document]]) -> int:
        """Each only where it is still what it was."""
        changed = 0
        writes = [UpdateOne(old, {"$set": {"month": new["month"], "wrapped": new["wrapped"]}}) for old, new in changes]
        for start in range(0, len(writes), AT_ONCE):
            with answering():
                changed += self._people.bulk_write(writes[start : start + AT_ONCE], ordered=False).modified_count
        return changed

    def _destroy(self, current: str, now: datetime) -> tuple[list[str], list[str]]:
        """Destroys the keys that nothing hangs on any more; those destroyed now, and those that must stay for now."""
        destroyed: list[str] = []
        kept: list[str] = []
        with answering():
            for each in list(self._months.find({"_id": {"$lt": current}, "wrapped": {"$ne": b""}}).sort("_id", 1)):
                name = each["_id"]
                if over(name, now):
                    self._months.update_one({"_id": name}, {"$set": {"closed": True}})
                    if self._people.find_one({"month": name}) is None:
                        self._months.update_one({"_id": name}, {"$set": {"wrapped": b""}})
                        destroyed.append(name)
                        continue
                kept.append(name)
        return destroyed, kept

    def _wrapping(self) -> tuple[str, Wrapping]:
        """The month to wrap under and its key, made where there is none. A clock that is far behind gets the newest month."""
        name = month(self._clock())
        if self._made(self._months, name).get("closed"):
            with answering():
                newer = list(self._months.find({"_id": {"$gt": name}, "closed": {"$ne": True}}).sort("_id", -1).limit(1))
            if not newer:
                raise Unavailable(f"keyring: the key of {name} was destroyed, and there is no newer one; look at this machine's clock")
            name = newer[0]["_id"]
        return name, self._opened.of(name)

    def _month(self, name: str) -> Document | None:
        with answering():
            return self._months.find_one({"_id": name})

    def _held(self, people: Collection[str]) -> dict[str, bytes | None]:
        wanted = list(people)
        for _ in range(TRIES):
            with answering():
                found: list[Document] = list(self._people.find({"_id": {"$in": wanted}}))
            try:
                return {
                    each["_id"]: None if each["wrapped"] is None else self._opened.of(each["month"]).unwrap(each["wrapped"], each["_id"])
                    for each in found
                }
            except (MonthClosed, InvalidTag):  # a rotation between the document and its month: it names another by now
                self._opened.drop()
        raise Unavailable("keyring: people's keys do not open under the keys of their months")

    def _made(self, collection: Any, name: str) -> Document:
        """What is stored under the name, made where there is nothing."""
        with answering():
            found = collection.find_one({"_id": name})
            if found is None:
                try:
                    collection.insert_one({"_id": name, "wrapped": wrap(self._master, new_key(), name)})
                except DuplicateKeyError:
                    pass  # another process made it between the two: its key stands
                found = collection.find_one({"_id": name})
        return found
