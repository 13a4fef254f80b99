"""Views on the MongoDB protocol: a collection a view, guarded unordered bulks, then parked events, then checkpoints.

A document's body is one msgpack value, as on SQLite: field names of a fold never meet a server's rules for keys. The
declared fields stand beside it, for the indexes.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from pymongo import InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from waymark.events.envelope import district_of
from waymark.events.feed import Checkpoint
from waymark.events.mongo.database import MOST_WRITES, Documents, answering, duplicates_only
from waymark.events.standing import Seen, Standing
from waymark.events.store import Unavailable
from waymark.events.views import MAX_FOUND, Change, Found, Held, Parked, Scope, View, check_find, visible

D = TypeVar("D")
_marks = msgspec.msgpack.Decoder(dict[int, int])
_strings = msgspec.msgpack.Decoder(dict[str, int])
_folding = msgspec.msgpack.Decoder(dict[str, list[str]])
_encode = msgspec.msgpack.Encoder().encode


class MongoViews:
    """`waymark.events.views.Views` in collections `<service>_view_...`."""

    def __init__(self, database: Documents, service: str) -> None:
        self._database, self._prefix = database, f"{service}_view_"
        self._standings, self._workers, self._checkpoints, self._parked = (
            database[f"{service}_{each}"] for each in ("standing", "workers", "checkpoints", "parked")
        )
        self.seen = Seen(self.standing)
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

    def standing(self, name: str) -> Standing:
        return self._read_standing(name)[0]

    def live(self, name: str) -> str | None:
        return self.standing(name).live

    def begin(self, view: View[Any]) -> str:
        return str(self._stands(view.name, lambda standing: standing.begun(view.unbuilt)).building)

    def announce(self, name: str, key: str | None) -> None:
        self._stands(name, lambda standing: standing.announced(key))

    def flip(self, name: str, key: str) -> None:
        self._stands(name, lambda standing: standing.flip(key, time.time()))

    def retire(self, name: str) -> None:
        self._stands(name, Standing.retired)

    def stir(self, name: str) -> None:
        self._stands(name, Standing.stirred_again)

    def built(self, name: str) -> Collection[str]:
        with answering():
            return {each for each in self._checkpoints.distinct("view") if each.startswith(f"{name}@")}

    def drop(self, view: View[Any]) -> None:
        with answering():
            self._collection(view.key).drop()
            self._checkpoints.delete_many({"view": view.key})
            self._parked.delete_many({"view": view.key})
        self._prepared.discard(view.key)

    def attend(self, worker: str, folding: Mapping[str, Sequence[str]], seconds: float) -> None:
        now = time.time()
        with answering():
            self._workers.delete_many({"until": {"$lt": now}})
            if folding:
                self._workers.replace_one({"_id": worker}, {"until": now + seconds, "folding": _encode(folding)}, upsert=True)
            else:
                self._workers.delete_one({"_id": worker})

    def attending(self, name: str) -> Mapping[str, Sequence[str]]:
        with answering():
            found = list(self._workers.find({"until": {"$gte": time.time()}}))
        folding = {each["_id"]: _folding.decode(each["folding"]) for each in found}
        return {worker: views[name] for worker, views in folding.items() if name in views}

    def checkpoints(self, view: View[Any], source: str) -> Mapping[int, Checkpoint]:
        return self._read_checkpoints(view.key, source)

    def load(self, view: View[D], ids: Collection[str]) -> dict[str, Held[D]]:
        with answering():
            found = list(self._collection(view.key).find({"_id": {"$in": list(ids)}}))
        return dict(_held(view, found))

    def scan(self, view: View[D], after: str, limit: int) -> Sequence[tuple[str, Held[D]]]:
        with answering():
            found = list(self._collection(view.key).find({"_id": {"$gt": after}}).sort("_id", 1).limit(limit))
        return _held(view, found)

    def save(
        self, view: View[D], source: str, changes: Sequence[Change[D]], parked: Sequence[Parked], checkpoints: Mapping[int, Checkpoint]
    ) -> set[str]:
        lost = self._save_documents(view, changes)
        if lost:
            return lost
        if parked:
            with answering():
                self._parked.bulk_write([_parked_write(view.key, each) for each in parked])
        self._advance(view.key, source, checkpoints)
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
            found = list(self._collection(view.key).find({"district": scope.district, "newest": {"$gt": sequence}, **equals}))
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

    def _read_standing(self, name: str) -> tuple[Standing, int]:
        """And its revision, 0 when there is none yet."""
        with answering():
            found = self._standings.find_one({"_id": name})
        if found is None:
            return Standing(), 0
        return msgspec.convert({each: found[each] for each in Standing.__struct_fields__}, Standing), found["revision"]

    def _stands(self, name: str, change: Callable[[Standing], Standing]) -> Standing:
        while True:
            standing, revision = self._read_standing(name)
            now = change(standing)
            document = {"_id": name, "revision": revision + 1, **msgspec.structs.asdict(now)}
            try:
                with answering():
                    if revision == 0:
                        self._standings.insert_one(document)
                        break
                    if self._standings.replace_one({"_id": name, "revision": revision}, document).matched_count:
                        break
            except DuplicateKeyError:
                pass  # somebody else was first: change what stands now
        self.seen.forget(name)
        return now

    def _live_key(self, view: View[Any]) -> str:
        return self.seen(view.name).live or view.key

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

    def _advance(self, key: str, source: str, checkpoints: Mapping[int, Checkpoint]) -> None:
        """One bulk for all partitions; each moves forward or not for itself."""
        forward = [
            UpdateOne(
                {"_id": f"{key}|{source}|{part}", "sequence": {"$lte": each.sequence}},
                {"$set": {"view": key, "source": source, "partition": part, **msgspec.structs.asdict(each)}},
                upsert=True,
            )
            for part, each in checkpoints.items()
        ]
        if forward:
            try:
                with answering():
                    self._checkpoints.bulk_write(forward, ordered=False)
            except BulkWriteError as problem:
                if not duplicates_only(problem):  # a duplicate: somebody is further already
                    raise Unavailable(f"{self._checkpoints.name}: {problem!r}") from problem


def _held(view: View[D], found: Sequence[Mapping[str, Any]]) -> Sequence[tuple[str, Held[D]]]:
    decode = msgspec.msgpack.Decoder(view.document).decode
    return [
        (
            each["_id"],
            Held(
                document=None if each["body"] is None else decode(each["body"]),
                marks=_marks.decode(each["marks"]),
                parked=_strings.decode(each["parked"]),
                revision=each["revision"],
            ),
        )
        for each in found
    ]


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
