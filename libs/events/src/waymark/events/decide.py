"""Load, decide, append: how every change is made. Reads without knowing any database.

An aggregate is two pure functions over its events; a decision is one more, from what is known now to what happened.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from waymark.events.envelope import PARTITIONS, Commit, Event, Meta, partition, sequence
from waymark.events.snapshots import LAST_COMMITS, NOTHING_KEPT, Snapshots, keep, kept
from waymark.events.store import Appended, Conflict, Store

S = TypeVar("S")


def own_key(stream: str) -> str:
    """The record key of a stream that is not about one student: the stream itself."""
    return stream


def as_it_is(_before: Any, event: Event, _after: Any, _stream: str) -> Event:
    """Completes nothing."""
    return event


class Aggregate(Struct, Generic[S], frozen=True, kw_only=True):
    """`evolve(state, event)` folds; `complete(before, event, after, stream)` adds to a new event what no decision should
    have to mention; `key(stream)` is the record key of its streams.

    `snapshot_every` events, a stream's folded state (of type `state`) is kept aside; 0: never, as streams are short.
    """

    evolve: Callable[[S | None, Any], S | None]
    complete: Callable[[S | None, Any, S | None, str], Any] = as_it_is
    key: Callable[[str], str] = own_key
    state: Any = None
    snapshot_every: int = 0


class Decided(Struct, Generic[S], frozen=True, kw_only=True):
    """The state after the decision, its version (the ETag), and where the commit stands; `appended` is null when nothing
    happened, `repeated` says that this commit had been made before and is answered again."""

    state: S | None
    version: int
    appended: Appended | None
    repeated: bool = False


class OtherRequest(Exception):
    """The commit id was used before, for another request (HTTP 422)."""


Decision = Callable[[S | None], Sequence[Event]]
TRIES = 10


def load(store: Store, stream: str, aggregate: Aggregate[S], snapshots: Snapshots | None = None) -> tuple[S | None, int]:
    """The folded state of a stream and its version (None, 0 when there is none)."""
    state, version, _ = _load(store, stream, aggregate, "", snapshots)
    return state, version


def decide(
    store: Store,
    stream: str,
    aggregate: Aggregate[S],
    decision: Decision[S],
    commit_id: str,
    meta: Meta,
    expected: int | None = None,
    snapshots: Snapshots | None = None,
) -> Decided[S]:
    """Append what `decision` makes of the stream's state, once for each commit id.

    Our own commit first: a request that was answered before is answered from its commit, before the version check and
    before deciding again (else a lost reply gives a conflict with oneself, or a second write). On Conflict it starts
    over, unless the caller gave `expected`. Raises what the decision raises, Conflict, OtherRequest, Unavailable.
    """
    for _ in range(TRIES):
        state, version, own = _load(store, stream, aggregate, commit_id, snapshots)
        if own is not None:
            if own.meta.fingerprint != meta.fingerprint:
                raise OtherRequest(commit_id)
            return Decided(state=state, version=version, appended=_place(own), repeated=True)
        if expected is not None and expected != version:
            raise Conflict(stream, version)
        events: list[Event] = []
        for event in decision(state):
            complete = aggregate.complete(state, event, aggregate.evolve(state, event), stream)
            events.append(complete)
            state = aggregate.evolve(state, complete)
        if not events:
            return Decided(state=state, version=version, appended=None)
        try:
            appended = store.append(stream, aggregate.key(stream), events, version, commit_id, meta)
        except Conflict:
            continue  # also with `expected`: the next load tells our own lost reply from another's commit
        return Decided(state=state, version=appended.version, appended=appended)
    raise Conflict(stream, -1)


def _load(
    store: Store, stream: str, aggregate: Aggregate[S], commit_id: str, snapshots: Snapshots | None
) -> tuple[S | None, int, Commit | None]:
    cache = snapshots if aggregate.snapshot_every else None
    begun = kept(cache, stream, aggregate.evolve)
    if commit_id in begun.commits:
        begun = NOTHING_KEPT  # our own commit is in it: read the stream from its beginning, up to there
    state = msgspec.msgpack.decode(begun.state, type=aggregate.state) if begun.state else None
    version, recent = begun.version, deque(begun.commits, LAST_COMMITS)
    for commit in store.read(stream, after=version):
        for recorded in commit.recorded():
            state = aggregate.evolve(state, recorded.event)
        version = commit.last_version
        recent.append(commit.commit_id)
        if commit_id and commit.commit_id == commit_id:
            return state, version, commit
    if cache is not None and version - begun.version >= aggregate.snapshot_every:
        content = b"" if state is None else msgspec.msgpack.encode(state)
        keep(cache, stream, aggregate.key(stream), version, aggregate.evolve, content, recent)
    return state, version, None


def _place(commit: Commit) -> Appended:
    return Appended(
        position=commit.position,
        version=commit.last_version,
        partition=partition(commit.key, PARTITIONS),
        sequence=sequence(commit.position, commit.count - 1),
    )
