"""Folded streams kept aside, so that deciding on a long one need not read it from its beginning. A cache, and off by itself.

An aggregate asks for it with `snapshot_every`, and only once its streams were measured to be long; whoever decides hands over
where snapshots are kept, beside the store. Losing them costs time and nothing else. What is sealed in a state stays sealed.

Adapters: `waymark.events.sqlite.snapshots`, `waymark.events.mongo.snapshots`. Shared behaviour: `waymark.events.contract.snapshots`.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from waymark.events import catalogue
from waymark.events.store import Unavailable

LAST_COMMITS = 100  # ids: a request repeated after more commits than these is no longer known again


class Snapshot(Struct, frozen=True, kw_only=True):
    """A stream folded up to its event `version`.

    `fold` is the digest of the code that folded it, `state` the state as msgpack (empty: the fold gives None), `commits` the ids of the last 100 commits in
    it, `key` the stream's record key: the person's id where it is about one.
    """

    stream: str
    key: str
    version: int
    fold: str
    state: bytes
    commits: tuple[str, ...]


class Snapshots(Protocol):
    """One snapshot a stream."""

    def get(self, stream: str) -> Snapshot | None:
        """Raises Unavailable."""
        ...

    def put(self, snapshot: Snapshot) -> None:
        """Keep it, unless one of the same fold and a later version is kept. Raises Unavailable."""
        ...

    def forget(self, key: str) -> None:
        """Drop those of every stream with this record key: the person was forgotten. Raises Unavailable."""
        ...


NOTHING_KEPT = Snapshot(stream="", key="", version=0, fold="", state=b"", commits=())


def kept(snapshots: Snapshots | None, stream: str, evolve: Callable[..., Any]) -> Snapshot:
    """What this very fold has kept of the stream; NOTHING_KEPT where it has nothing, or where snapshots do not answer."""
    try:
        found = snapshots.get(stream) if snapshots is not None else None
    except Unavailable:
        found = None
    return found if found is not None and found.fold == fold_digest(evolve) else NOTHING_KEPT


def keep(
    snapshots: Snapshots | None, stream: str, key: str, version: int, evolve: Callable[..., Any], state: bytes, commits: Iterable[str]
) -> None:
    """Keep a folded stream, if that is possible now: the next one who reads as much tries again."""
    if snapshots is not None:
        try:
            snapshots.put(Snapshot(stream=stream, key=key, version=version, fold=fold_digest(evolve), state=state, commits=tuple(commits)))
        except Unavailable:
            pass


@lru_cache(maxsize=256)
def fold_digest(evolve: Callable[..., Any]) -> str:
    """Of all the code that a pure fold can reach: its name, the modules beside its own, and the event catalogue.

    Any edit there makes every snapshot a stranger's. That is coarse on purpose: a snapshot too few costs one read of a stream.
    """
    folders = (Path(inspect.getfile(evolve)).parent, Path(inspect.getfile(catalogue)).parent)
    whole = hashlib.sha256(f"{evolve.__module__}.{evolve.__qualname__}".encode())
    for path in (path for folder in folders for path in sorted(folder.glob("*.py"))):
        whole.update(path.read_bytes())
    return whole.hexdigest()
