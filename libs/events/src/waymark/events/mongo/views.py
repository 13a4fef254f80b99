"""Views on the MongoDB protocol: a collection a view, guarded unordered bulks, then parked events, then checkpoints.

A document's body is one msgpack value, as on SQLite: field names of a fold never meet a server's rules for keys. The
declared fields stand beside it, for the indexes.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from pymongo import InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from waymark.events.envelope import district_of
from waymark.events.feed import Checkpoint
from waymark.events.mongo.database import MOST_WRITES, Documents, answering, duplicates_only
from waymark.events.store import Unavailable
from waymark.events.views import MAX_FOUND, Change, Found, Held, Parked, Scope, View, check_find, visible

D = TypeVar("D")
ALIAS_SECONDS = 1.0  # how long a process may go on reading the view that was live
_marks = msgspec.msgpack.Decoder(dict[int, int])
_strings = msgspec.msgpack.Decoder(dict[str, int])
_encode = msgspec.msgpack.Encoder().encode


class MongoViews:
    """`waymark.events.views.Views` in collections `<service>_view_...`."""

    def __init__(self, database: Documents, service: str) -> None:
        self._database, self._prefix = database, f"{service}_view_"
        self._aliases, self._checkpoints, self._parked = (database[f"{service}_{each}"] for each in ("aliases", "checkpoints", "parked"))
        self._seen: dict[str, tuple[float, str | None]] = {}
        self._prepared: set[str] = set()
        with answering():
            self._parked.create_index([("view", 1), ("stream", 1), ("sequence", 1)], unique=True)

    # ---- a worker's

    def prepare(self, view: View[Any]) -> None:
        if view.key not in self._prepared:
            with answering():
                for index in view.indexes:
                    self._collection(view.key).create_index([("district", 1), *((field, 1) for field in index), ("_id", 1)])
                self._collection(view.key).create_index([("district", 1), ("newest", 1)])
            self._prepared.add(view.key)

    def live(self, name: str) -> str | None:
        with answering():
            found = self._aliases.find_one({"_id": name})
        return found["key"] if found else None

    def flip(self, name: str, key: str) -> None:
        with answering():
            self._aliases.replace_one({"_id": name}, {"key": key}, upsert=True)
        self._seen.pop(name, None)

    def drop(self, view: View[Any]) -> None:
        with answering():
            self._collection(view.key).drop()
            self._checkpoints.delete_many({"view": view.key})
            self._parked.delete_many({"view": view.key})
        self._prepared.discard(view.key)

    def checkpoints(self, view: View[Any], source: str) -> Mapping[int, Checkpoint]:
        return self._read_checkpoints(view.key, source)

    def load(self, view: View[D], ids: Collection[str]) -> dict[str, Held[D]]:
        decode = msgspec.msgpack.Decoder(view.document).decode
        with answering():
            found = list(self._collection(view.key).find({"_id": {"$in": list(ids)}}))
        return {
            each["_id"]: Held(
                document=None if each["body"] is None else decode(each["body"]),
                marks=_marks.decode(each["marks"]),
                parked=_strings.decode(each["parked"]),
                revision=each["revision"],
            )
            for each in found
        }

    def save(
        self, view: View[D], source: str, changes: Sequence[Change[D]], parked: Sequence[Parked], checkpoints: Mapping[int, Checkpoint]
    ) -> set[str]:
        lost = self._save_documents(view, changes)
        if lost:
            return lost
        if parked:
            with answering():
                self._parked.bulk_write([_parked_write(view.key, each) for each in parked])
        for part, each in checkpoints.items():
            self._advance(view.key, source, part, each)
        return set()

    def parked_streams(self, view: View[Any]) -> Mapping[str, int]:
        count = [{"$match": {"view": view.key}}, {"$group": {"_id": "$stream", "events": {"$sum": 1}}}]
        with answering():
            return {each["_id"]: each["events"] for each in self._parked.aggregate(count)}

    def parked(self, view: View[Any], stream: str) -> Sequence[Parked]:
        with answering():
            found = list(self._parked.find({"view": view.key, "stream": stream}).sort("sequence", 1))
        return [msgspec.msgpack.decode(each["record"], type=Parked) for each in found]

    def unpark(self, view: View[Any], stream: str, through: int) -> None:
        with answering():
            self._parked.delete_many({"view": view.key, "stream": stream, "sequence": {"$lte": through}})

    # ---- an API's

    def get(self, scope: Scope, view: View[D], ids: Collection[str]) -> dict[str, D]:
        own = [each for each in ids if district_of(each) == scope.district]
        with answering():
            found = list(self._live_collection(view).find({"_id": {"$in": own}, "body": {"$ne": None}}, {"body": 1}))
        return dict(_visible(scope, view, found))

    def find(
        self, scope: Scope, view: View[D], equals: Mapping[str, str | int], order: str | None, after: str | None, limit: int
    ) -> Found[D]:
        check_find(view, equals, order, limit)
        question: dict[str, Any] = {"district": scope.district, **equals, "body": {"$ne": None}}
        if after is not None:
            *value, last = msgspec.json.decode(after.encode(), type=list[str | int])
            question |= {"$or": [{order: {"$gt": value[0]}}, {order: value[0], "_id": {"$gt": last}}]} if order else {"_id": {"$gt": last}}
        sort = [(order, 1), ("_id", 1)] if order else [("_id", 1)]
        with answering():
            found = list(self._live_collection(view).find(question).sort(sort).limit(limit))
        end = found[-1] if len(found) == limit else None
        return Found(
            documents=_visible(scope, view, found),
            after=None if end is None else msgspec.json.encode([*([end[order]] if order else []), end["_id"]]).decode(),
        )

    def newer(self, scope: Scope, view: View[D], equals: Mapping[str, str | int], partition: int, sequence: int) -> dict[str, D | None]:
        check_find(view, equals, None, MAX_FOUND)
        decode = msgspec.msgpack.Decoder(view.document).decode
        with answering():
            found = list(self._live_collection(view).find({"district": scope.district, "newest": {"$gt": sequence}, **equals}))
        newer = {
            each["_id"]: None if each["body"] is None else decode(each["body"])
            for each in found
            if _marks.decode(each["marks"]).get(partition, -1) > sequence
        }
        return {key: document for key, document in newer.items() if document is None or visible(scope, view, document)}

    def reached(self, view: View[Any], source: str) -> Mapping[int, Checkpoint]:
        return self._read_checkpoints(self._live_key(view), source)

    # ---- inside

    def _collection(self, key: str) -> Any:
        return self._database[self._prefix + key]

    def _live_key(self, view: View[Any]) -> str:
        at, key = self._seen.get(view.name, (0.0, None))
        if time.monotonic() - at > ALIAS_SECONDS or key is None:
            key = self.live(view.name)
            self._seen[view.name] = (time.monotonic(), key)
        return key or view.key

    def _live_collection(self, view: View[Any]) -> Any:
        return self._collection(self._live_key(view))

    def _save_documents(self, view: View[D], changes: Sequence[Change[D]]) -> set[str]:
        """Returns the ids that somebody else saved meanwhile. A token tells our writes from theirs, whatever the server reports."""
        token = uuid.uuid4().hex
        collection = self._collection(view.key)
        lost: set[str] = set()
        for start in range(0, len(changes), MOST_WRITES):
            chunk = changes[start : start + MOST_WRITES]
            writes = [_document_write(view, each, token) for each in chunk]
            try:
                with answering():
                    result = collection.bulk_write(writes, ordered=False)
                done = result.inserted_count + result.matched_count
            except BulkWriteError as problem:
                if not duplicates_only(problem):
                    raise Unavailable(f"{collection.name}: {problem!r}") from problem
                done = -1
            if done != len(chunk):
                ids = [each.id for each in chunk]
                with answering():
                    ours = {each["_id"] for each in collection.find({"_id": {"$in": ids}, "token": token}, {"_id": 1})}
                lost |= set(ids) - ours
        return lost

    def _read_checkpoints(self, key: str, source: str) -> Mapping[int, Checkpoint]:
        with answering():
            found = list(self._checkpoints.find({"view": key, "source": source}))
        return {
            each["partition"]: Checkpoint(sequence=each["sequence"], offset=each["offset"], topic=each["topic"], at=each["at"])
            for each in found
        }

    def _advance(self, key: str, source: str, part: int, checkpoint: Checkpoint) -> None:
        values = {
            "view": key,
            "source": source,
            "partition": part,
            "sequence": checkpoint.sequence,
            "offset": checkpoint.offset,
            "topic": checkpoint.topic,
            "at": checkpoint.at,
        }
        forward = UpdateOne({"_id": f"{key}|{source}|{part}", "sequence": {"$lte": checkpoint.sequence}}, {"$set": values}, upsert=True)
        try:
            with answering():
                self._checkpoints.bulk_write([forward])
        except BulkWriteError as problem:
            if not duplicates_only(problem):  # a duplicate: somebody is further already
                raise Unavailable(f"{self._checkpoints.name}: {problem!r}") from problem


def _document_write(view: View[Any], change: Change[Any], token: str) -> Any:
    document = {
        "_id": change.id,
        "district": district_of(change.id),
        "revision": change.revision + 1,
        "token": token,
        "marks": _encode(change.marks),
        "parked": _encode(change.parked),
        "newest": max(change.marks.values(), default=0),
        "body": None if change.document is None else _encode(change.document),
        **{field: None if change.document is None else getattr(change.document, field) for field in view.fields},
    }
    return ReplaceOne({"_id": change.id, "revision": change.revision}, document) if change.revision else InsertOne(document)


def _parked_write(key: str, parked: Parked) -> Any:
    where = {"view": key, "stream": parked.stream, "sequence": parked.sequence}
    return ReplaceOne(where, {**where, "record": _encode(parked)}, upsert=True)


def _visible(scope: Scope, view: View[D], found: Sequence[Mapping[str, Any]]) -> list[tuple[str, D]]:
    decode = msgspec.msgpack.Decoder(view.document).decode
    documents = ((each["_id"], decode(each["body"])) for each in found)
    return [(key, document) for key, document in documents if visible(scope, view, document)]
