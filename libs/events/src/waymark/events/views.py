"""The read side's port: documents with marks, checkpoints and parked streams, and the few questions an API may ask.

A document's id begins with its district. It carries *marks* `{partition: sequence}` of the one topic it folds: an event
applies only beyond its mark, so that replays, re-sends and late workers change nothing. A *view* here is a projection's
name and version (and build, where one was rebuilt), `students@2` or `students@2.1`; readers ask by name and get the live one.

Adapters: `waymark.events.sqlite.views`, `waymark.events.mongo.views`. Shared behaviour: `waymark.events.contract.views`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct

from waymark.events.feed import Checkpoint

D = TypeVar("D")
MAX_FOUND = 200


class Scope(Protocol):
    """Who asks: the first argument of every question. Workers hold `System(district)`."""

    @property
    def district(self) -> str: ...

    def reaches(self, student: str) -> bool:
        """Whether documents about this student may be seen."""
        ...


class System(Struct, frozen=True):
    """The platform itself, within one district."""

    district: str

    def reaches(self, student: str) -> bool:
        return True


class View(Struct, Generic[D], frozen=True, kw_only=True):
    """What the views' database must know of a projection.

    `indexes`: attribute names, in order, that `find` may use (the district comes first by itself). `about`: the attribute
    that names the student a document is about; such documents are left out where the scope does not reach the student.
    """

    name: str
    version: int
    build: int = 0
    document: type[D]
    indexes: tuple[tuple[str, ...], ...] = ()
    about: str | None = None

    @property
    def key(self) -> str:
        return f"{self.name}@{self.version}" + (f".{self.build}" if self.build else "")

    @property
    def fields(self) -> tuple[str, ...]:
        """Every attribute that an index or `about` names, sorted."""
        named = {field for index in self.indexes for field in index}
        return tuple(sorted(named | ({self.about} if self.about else set[str]())))


class Held(Struct, Generic[D], frozen=True, kw_only=True):
    """A document as it was loaded. `revision` grows with each save; 0 when there is none yet."""

    document: D | None = None
    marks: dict[int, int] = {}
    parked: dict[str, int] = {}
    revision: int = 0


class Change(Struct, Generic[D], frozen=True, kw_only=True):
    """A document to be saved if its revision is still `held.revision`; None leaves a grave with its marks."""

    id: str
    document: D | None
    marks: dict[int, int]
    parked: dict[str, int]
    revision: int


class Parked(Struct, frozen=True, kw_only=True):
    """An event set aside with its stream because folding it raised, or because an earlier one of its stream is here."""

    stream: str
    partition: int
    sequence: int
    version: int
    key: str
    position: int
    index: int
    at: float
    type: str
    body: bytes
    reason: str


class Found(Struct, Generic[D], frozen=True, kw_only=True):
    """A page of documents, and where to go on (`after` of the next call; null at the end)."""

    documents: Sequence[tuple[str, D]]
    after: str | None


class Views(Protocol):
    """Documents of one service's projections."""

    # What a worker needs

    def prepare(self, view: View[Any]) -> None:
        """Make room for a view (tables, indexes). Harmless when it exists."""
        ...

    def live(self, name: str) -> str | None:
        """The key of the view that readers of `name` get; None before the first."""
        ...

    def flip(self, name: str, key: str) -> None:
        """Readers get this view from now on, at once and whole."""
        ...

    def drop(self, view: View[Any]) -> None:
        """Forget a view's documents, checkpoints and parked streams."""
        ...

    def checkpoints(self, view: View[Any], source: str) -> Mapping[int, Checkpoint]: ...

    def load(self, view: View[D], ids: Collection[str]) -> dict[str, Held[D]]:
        """The documents of these ids, graves included; an id without either is absent."""
        ...

    def save(
        self, view: View[D], source: str, changes: Sequence[Change[D]], parked: Sequence[Parked], checkpoints: Mapping[int, Checkpoint]
    ) -> set[str]:
        """Save guarded documents, then parked events, then checkpoints (which only move forward).

        Returns the ids whose revision was no longer the expected one; then no checkpoint has moved, and the caller folds those
        again. Raises Unavailable.
        """
        ...

    def parked_streams(self, view: View[Any]) -> Mapping[str, int]:
        """Parked streams and how many of their events wait."""
        ...

    def parked(self, view: View[Any], stream: str) -> Sequence[Parked]:
        """A parked stream's events in order."""
        ...

    def unpark(self, view: View[Any], stream: str, through: int) -> None:
        """Take a stream's events up to sequence `through` out of the parking lot."""
        ...

    # What an API may ask

    def get(self, scope: Scope, view: View[D], ids: Collection[str]) -> dict[str, D]:
        """Documents by id, of the live version, within the scope."""
        ...

    def find(
        self, scope: Scope, view: View[D], equals: Mapping[str, str | int], order: str | None, after: str | None, limit: int
    ) -> Found[D]:
        """Documents whose declared fields equal these, ordered by a declared field and the id, at most 200 a page."""
        ...

    def newer(self, scope: Scope, view: View[D], equals: Mapping[str, str | int], partition: int, sequence: int) -> dict[str, D | None]:
        """Documents (None: gone) with a mark of this partition beyond `sequence`. For readers that keep documents in memory:
        ask with the checkpoint that was read *the time before*, having read the new one first."""
        ...

    def reached(self, view: View[Any], source: str) -> Mapping[int, Checkpoint]:
        """The live version's checkpoints."""
        ...


def visible(scope: Scope, view: View[Any], document: Any) -> bool:
    """Whether a document is within the scope: one that is about a student only if the scope reaches the student."""
    return view.about is None or scope.reaches(getattr(document, view.about))


def check_find(view: View[Any], equals: Mapping[str, str | int], order: str | None, limit: int) -> None:
    """Raises ValueError for a question that no declared index serves."""
    asked = [*equals, *([order] if order else [])]
    if not 0 < limit <= MAX_FOUND:
        raise ValueError(f"limit is 1 to {MAX_FOUND}, not {limit}")
    if asked and not any(
        set(index[: len(equals)]) == set(equals) and index[len(equals) : len(asked)] == ((order,) if order else ())
        for index in view.indexes
    ):
        raise ValueError(f"{view.name} declares no index for {asked}")
