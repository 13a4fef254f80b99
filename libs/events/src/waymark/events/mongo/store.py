"""The event store on the MongoDB protocol: one document a commit, whose `_id` is its position.

The position is max + 1 by the insert itself, so it becomes visible at the instant it is taken: there is never a hole and
never a late arrival. Whatever error an insert gives, what is stored is read again and decides.

A process remembers the last position and the streams' heads that it saw. That they may be old does no harm: a position or a
head that once stood was followed by the next one or by nothing, so that what is put after an old one meets a duplicate; and
what was not placed at once is tried again by what is stored. Only what is stored refuses a commit.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from pymongo.errors import BulkWriteError

from waymark.events.appender import PATIENCE, Appender, Outcome, Pending
from waymark.events.envelope import PARTITIONS, Commit, Event, Meta, partition, sequence
from waymark.events.mongo.database import Documents, answering, duplicates_only
from waymark.events.store import Appended, Conflict, KeyChanged, NewCommit, NotDense, Unavailable

POLL_SECONDS = 0.05  # between looks at the head: what other processes write is seen by looking
MANY = 500  # commits an ordered bulk of append_many
KNOWN = 10_000  # streams whose heads are remembered
CALM = 5  # groups in a row that nobody came between: then the last position is believed without asking
_meta = msgspec.json.Decoder(Meta)


class MongoStore:
    """`waymark.events.store.Store` in the collection `<service>_commits`."""

    def __init__(self, database: Documents, service: str) -> None:
        self._commits, self._service = database[f"{service}_commits"], service
        self._appender = Appender(service, self._place)
        self._grown = threading.Condition()
        self._memory = threading.Lock()
        self._last, self._calm = 0, 0  # the last position that was placed, and how many groups were placed at the first try since
        self._known: dict[str, tuple[int, str]] = {}  # the version and record key of streams that were read or written last
        with answering():
            self._commits.create_index([("stream", 1), ("version", 1)], unique=True, name="stream_version")

    @property
    def service(self) -> str:
        return self._service

    def append(self, stream: str, key: str, events: Sequence[Event], expected: int, commit_id: str, meta: Meta) -> Appended:
        return self._appender.append(Pending(stream, key, events, expected, commit_id, meta))

    def append_many(self, commits: Sequence[NewCommit]) -> Sequence[Appended]:
        appended: list[Appended] = []
        for start in range(0, len(commits), MANY):
            group = [Pending(c.stream, c.key, c.events, c.expected, c.commit_id, c.meta) for c in commits[start : start + MANY]]
            deadline = time.monotonic() + PATIENCE
            while group:
                outcomes = self._place(group, stop_at_first=True)
                for outcome in outcomes:
                    if isinstance(outcome, Exception):
                        raise outcome
                appended += [each for each in outcomes if isinstance(each, Appended)]
                group = [pending for pending, outcome in zip(group, outcomes, strict=True) if outcome is None]
                for pending in group:
                    pending.tries += 1
                if group and time.monotonic() > deadline:
                    raise Unavailable(f"{group[0].stream}: not placed within {PATIENCE:.0f} s")
        return appended

    def read(self, stream: str, after: int) -> Iterator[Commit]:
        with answering():
            found = list(self._commits.find({"stream": stream, "version": {"$gt": after}}).sort("version", 1))
        if found:
            self._remember((stream, found[-1]["version"] + found[-1]["count"] - 1, found[-1]["key"]))
        return (_commit(each) for each in found)

    def scan(self, after: int, limit: int) -> Sequence[Commit]:
        with answering():
            commits = [_commit(each) for each in self._commits.find({"_id": {"$gt": after}}).sort("_id", 1).limit(limit)]
        for place, commit in enumerate(commits, after + 1):
            if commit.position != place:
                raise NotDense(f"{self._commits.name}: position {place} is missing, found {commit.position}")
        return commits

    def head(self) -> int:
        with answering():
            last = self._commits.find_one({}, {"_id": 1}, sort=[("_id", -1)])
        return last["_id"] if last else 0

    def wait(self, after: int, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while self.head() <= after:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            with self._grown:
                self._grown.wait(min(left, POLL_SECONDS))
        return True

    def close(self) -> None:
        self._appender.close()

    def _place(self, group: Sequence[Pending], stop_at_first: bool = False) -> Sequence[Outcome]:
        """One ordered bulk of the commits that fit what is stored; one commit a stream, the others wait for the next round.

        `stop_at_first`: nothing that stands behind a refused commit is placed.
        """
        remembered = [self._remembered(each) for each in group]
        heads = self._heads({each.stream for each, head in zip(group, remembered, strict=True) if head is None})
        outcomes: list[Outcome] = [None] * len(group)
        chosen: dict[str, int] = {}
        for at, pending in enumerate(group):
            if pending.stream not in chosen:
                outcomes[at] = self._answered(pending, *(remembered[at] or heads.get(pending.stream, (0, ""))))
                if outcomes[at] is None:
                    chosen[pending.stream] = at
                elif stop_at_first and isinstance(outcomes[at], Exception):
                    break
        if chosen:
            first = (self._last if self._calm >= CALM else self.head()) + 1
            placing = [(group[at], position) for position, at in enumerate(sorted(chosen.values()), first)]
            for at, outcome in zip(sorted(chosen.values()), self._insert(placing), strict=True):
                outcomes[at] = outcome
        return outcomes

    def _remembered(self, pending: Pending) -> tuple[int, str] | None:
        """The head that a commit follows at its first try, if it is known to have stood; a stream that begins follows nothing."""
        if pending.tries:
            return None
        known = self._known.get(pending.stream) if pending.expected else (0, "")
        return known if known and known[0] == pending.expected else None

    def _heads(self, streams: set[str]) -> dict[str, tuple[int, str]]:
        if not streams:
            return {}
        last = [
            {"$match": {"stream": {"$in": sorted(streams)}}},
            {"$sort": {"stream": 1, "version": -1}},
            {"$group": {"_id": "$stream", "version": {"$first": "$version"}, "count": {"$first": "$count"}, "key": {"$first": "$key"}}},
        ]
        with answering():
            return {each["_id"]: (each["version"] + each["count"] - 1, each["key"]) for each in self._commits.aggregate(last)}

    def _answered(self, pending: Pending, version: int, key: str) -> Outcome:
        """What is stored already answers: our own commit whose reply was lost, a conflict, another key; None if it fits."""
        if version != pending.expected:
            with answering():
                own = self._commits.find_one({"stream": pending.stream, "version": pending.expected + 1, "commit_id": pending.commit_id})
            return _appended(pending, own["_id"]) if own else Conflict(pending.stream, version)
        if version and key != pending.key:
            return KeyChanged(f"{pending.stream} has the record key {key!r}, not {pending.key!r}")
        return None

    def _insert(self, placing: Sequence[tuple[Pending, int]]) -> Sequence[Outcome]:
        at = time.time()
        calm, self._calm = self._calm, 0  # until this has an answer
        try:
            with answering():
                self._commits.insert_many([_document(pending, position, at) for pending, position in placing], ordered=True)
        except BulkWriteError as problem:
            if not duplicates_only(problem):
                raise Unavailable(f"{self._commits.name}: {problem!r}") from problem
            return self._look_up(placing)
        with self._grown:
            self._grown.notify_all()
        self._last, self._calm = placing[-1][1], calm + 1
        self._remember(*((each.stream, each.expected + each.count, each.key) for each, _ in placing))
        return [_appended(pending, position) for pending, position in placing]

    def _remember(self, *heads: tuple[str, int, str]) -> None:
        with self._memory:
            for stream, version, key in heads:
                self._known.pop(stream, None)
                self._known[stream] = (version, key)
            while len(self._known) > KNOWN:
                del self._known[next(iter(self._known))]

    def _look_up(self, placing: Sequence[tuple[Pending, int]]) -> Sequence[Outcome]:
        """An ordered bulk stopped at a duplicate: which of these commits stand where they were put?"""
        with answering():
            found = self._commits.find(
                {"_id": {"$gte": placing[0][1], "$lte": placing[-1][1]}}, {"stream": 1, "commit_id": 1, "version": 1}
            )
            stored: dict[int, dict[str, Any]] = {each["_id"]: each for each in found}
        outcomes: list[Outcome] = []
        for pending, position in placing:
            each = stored.get(position, {})
            ours = (each.get("stream"), each.get("commit_id"), each.get("version")) == (
                pending.stream,
                pending.commit_id,
                pending.expected + 1,
            )
            outcomes.append(_appended(pending, position) if ours else None)
        if outcomes[0] is None:
            time.sleep(random.uniform(0, 0.004))  # noqa: S311 -- jitter, no secret
        return outcomes


def _appended(pending: Pending, position: int) -> Appended:
    return Appended(
        position=position,
        version=pending.expected + pending.count,
        partition=partition(pending.key, PARTITIONS),
        sequence=sequence(position, pending.count - 1),
    )


def _document(pending: Pending, position: int, at: float) -> dict[str, Any]:
    return {
        "_id": position,
        "stream": pending.stream,
        "version": pending.expected + 1,
        "count": pending.count,
        "key": pending.key,
        "commit_id": pending.commit_id,
        "at": at,
        "meta": msgspec.json.encode(pending.meta).decode(),
        "body": pending.body.decode(),
    }


def _commit(document: dict[str, Any]) -> Commit:
    return Commit(
        position=document["_id"],
        stream=document["stream"],
        version=document["version"],
        count=document["count"],
        key=document["key"],
        commit_id=document["commit_id"],
        at=datetime.fromtimestamp(document["at"], UTC),
        meta=_meta.decode(document["meta"]),
        body=document["body"].encode(),
    )
