"""What happened in one episode, as JSON lines: calls and their outcomes, blows, and what was found stored and published at the end.

Times are seconds of one monotonic clock. A file holds everything that the checks need, so that a saved one can be judged again.
"""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

Outcome = Literal["acknowledged", "refused", "unknown"]


class Stage(Struct, frozen=True, kw_only=True, tag="stage"):
    """Where an episode plays. `base`: the store's head before it; `item_kinds`: of the template's items, by id."""

    mode: str
    seed: int
    episode: int
    district: str
    template: str
    base: int
    item_kinds: dict[str, Literal["levels", "points", "text"]]
    drafts: str  # the title that all drafts of the episode begin with


class Write(Struct, frozen=True, kw_only=True, tag="write"):
    """One attempt of one operation. All attempts of an operation are the same request with the same key.

    `commit`: the id that its commits must have; `streams`: where it may have an effect; `placed`: where the answer says that it
    had one; `positions`: what `Waymark-Position` said, by partition.
    """

    op: str
    attempt: int
    do: str
    begun: float
    ended: float
    outcome: Outcome
    status: int = 0
    code: str = ""
    commit: str
    streams: tuple[str, ...]
    placed: tuple[str, ...] = ()
    positions: dict[int, int] = {}
    tag: str = ""


class Row(Struct, frozen=True):
    """A student as the list shows them."""

    status: str
    overall: float | None


class Read(Struct, frozen=True, kw_only=True, tag="read"):
    """One answer to a reader. `after`: what it asked to be contained, by partition. Which of the rest is filled depends on `what`."""

    what: Literal["bars", "list", "plan", "drafts"]
    subject: str
    begun: float
    ended: float
    status: int = 200
    after: dict[int, int] = {}
    behind: bool = False
    counts: dict[str, int] = {}
    rows: dict[str, Row] = {}
    version: int = 0
    plan_status: str = ""
    hidden: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Blow(Struct, frozen=True, kw_only=True, tag="blow"):
    """Something done to the platform. `answers`: it was seen to work again."""

    what: Literal["kill", "pause", "resume", "start", "answers", "ended-by-itself"]
    parts: tuple[str, ...]
    at: float


class Kept(Struct, frozen=True, kw_only=True, tag="kept"):
    """A commit as it was found in the store."""

    position: int
    stream: str
    version: int
    count: int
    key: str
    commit: str
    events: list[tuple[str, dict[str, Any]]]

    @property
    def last(self) -> int:
        return self.version + self.count - 1


class Published(Struct, frozen=True, kw_only=True, tag="published"):
    """A record as it was found on the topic."""

    partition: int
    offset: int
    stream: str
    version: int
    position: int
    index: int


class Trouble(Struct, frozen=True, kw_only=True, tag="trouble"):
    """What the harness itself saw go wrong: the platform did not come back, or never caught up."""

    check: str
    words: str
    at: float


Record = Stage | Write | Read | Blow | Kept | Published | Trouble
_decoder = msgspec.json.Decoder(Record)


class Journal:
    """Writes records to a file, for all threads."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._lock = threading.Lock()

    def add(self, record: Record) -> None:
        line = msgspec.json.encode(record) + b"\n"
        with self._lock:
            self._file.write(line)

    def close(self) -> None:
        self._file.close()


class History(Struct, kw_only=True):
    """An episode's records, sorted by kind."""

    stage: Stage
    writes: list[Write] = []
    reads: list[Read] = []
    blows: list[Blow] = []
    kept: list[Kept] = []
    published: list[Published] = []
    troubles: list[Trouble] = []


def history_of(records: Iterable[Record]) -> History:
    """Raises ValueError where no stage is among them."""
    kinds: Mapping[type[Any], list[Any]] = {each: [] for each in (Stage, Write, Read, Blow, Kept, Published, Trouble)}
    for each in records:
        kinds[type(each)].append(each)
    if not kinds[Stage]:
        raise ValueError("the history has no stage: it was broken off before it began")
    return History(
        stage=kinds[Stage][0],
        writes=kinds[Write],
        reads=kinds[Read],
        blows=kinds[Blow],
        kept=kinds[Kept],
        published=kinds[Published],
        troubles=kinds[Trouble],
    )


def read_history(path: Path) -> History:
    """Of a file as Journal writes it, or of one compressed with gzip."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return history_of(_decoder.decode(line) for line in content.splitlines())
