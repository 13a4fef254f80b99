"""What a campaign needs of a deployment: strike it, start what was struck, and look into its stores when all is quiet."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import msgspec
import requests

from tests.campaign.history import Kept, Published
from tests.campaign.schedule import Step

Events = list[tuple[str, dict[str, Any]]]
_events = msgspec.json.Decoder(Events)


class Installation(Protocol):
    """`address`: the one that callers use; `folder`: keys, log and, embedded, the data."""

    mode: str
    address: str
    folder: Path
    district: str

    def start(self) -> None: ...

    def kill(self, parts: Iterable[str]) -> None:
        """SIGKILL, and wait until they are gone."""
        ...

    def begin(self, parts: Iterable[str]) -> None:
        """Start what was killed."""
        ...

    def signal(self, parts: Iterable[str], number: signal.Signals) -> None: ...

    def ended(self) -> list[str]:
        """Parts that ended by themselves."""
        ...

    def stop(self) -> None:
        """Ask all to end, and wait."""
        ...

    def steps(self, seed: int, episode: int, kills: int) -> list[Step]: ...

    def kept(self, base: int) -> list[Kept]:
        """The commits of plans beyond a position."""
        ...

    def head(self) -> int: ...

    def digest(self, position: int) -> str:
        """Of every commit of plans up to a position: what was stored must never change."""
        ...

    def mark(self) -> Mapping[int, int]:
        """Where the topic of plans ends now, by partition; empty without one."""
        ...

    def published(self, mark: Mapping[int, int]) -> list[Published]:
        """What stands on the topic beyond a mark."""
        ...

    def sound(self) -> list[str]:
        """What the engine's own check finds wrong with its files."""
        ...

    def keep(self, target: Path) -> None:
        """Copy the data there, as evidence."""
        ...


def kept_commit(position: int, stream: str, version: int, count: int, key: str, commit: str, body: bytes) -> Kept:
    """As the history keeps it: spans, the longest part, stand for nothing that is checked."""
    events = [(kind, {name: value for name, value in event.items() if name != "spans"}) for kind, event in _events.decode(body)]
    return Kept(position=position, stream=stream, version=version, count=count, key=key, commit=commit, events=events)


def digest_of(rows: Iterable[tuple[Any, ...]]) -> str:
    hashed = hashlib.blake2b(digest_size=16)
    for row in rows:
        hashed.update(repr(row).encode())
    return hashed.hexdigest()


def answers(address: str) -> bool:
    with suppress(requests.RequestException):
        paths = [f"{address}/{service}/v1/openapi.json" for service in ("roster", "plans", "reporting")]
        return all(requests.get(each, timeout=2).status_code == 200 for each in paths)
    return False


@contextmanager
def output_to(log: Path) -> Iterator[None]:
    """What is started within writes its output there."""
    saved = os.dup(1), os.dup(2)
    with log.open("ab") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    try:
        yield
    finally:
        for number, copy in enumerate(saved, 1):
            os.dup2(copy, number)
            os.close(copy)
