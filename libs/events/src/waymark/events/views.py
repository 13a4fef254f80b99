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
from msgspec.structs import replace

from waymark.events.feed import Checkpoint
from waymark.events.standing import Standing as Standing

D = TypeVar("D")
MAX_FOUND = 200
OWN_FIELDS = frozenset({"_id", "id", "district", "revision", "token", "marks", "parked", "newest", "body"})
"""What adapters keep of every document; no declared field may be called so."""


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

    def __post_init__(self) -> None:
        if taken := OWN_FIELDS.intersection(self.fields):
            raise ValueError(f"{self.name}: {', '.join(sorted(taken))} is what every document has beside it; call the field otherwise")

    @property
    def key(self) -> str:
        return self.unbuilt + (f".{self.build}" if self.build else "")

    @property
    def unbuilt(self) -> str:
        """The key of its first build."""
        return f"{self.name}@{self.version}"

    def at(self, key: str) -> View[D]:
        """The view of this name that has this key. Raises ValueError for another name's key."""
        name, _, numbers = key.partition("@")
        version, _, build = numbers.partition(".")
        if name != self.name or not version.isdecimal() or not (build or "0").isdecimal():
            raise ValueError(f"{key!r} is no view of {self.name}, such as {self.key}")
        return replace(self, version=int(version), build=int(build or 0))

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

    def standing(self, name: str) -> Standing:
        """Which views of `name` stand, at this moment; nothing before the first."""
        ...

    def live(self, name: str) -> str | None:
        """`standing(name).live`: the view that readers get."""
        ...

    def begin(self, view: View[Any]) -> str:
        """A build of this view's version goes on, or begins under a number that was never used; its key."""
        ...

    def announce(self, name: str, key: str | None) -> None:
        """This view is to take the live one's place: workers fold it in step. None: none is, and none is being built."""
        ...

    def flip(self, name: str, key: str) -> None:
        """Readers get this view from now on, at once and whole; the one that was live stands as the previous one."""
        ...

    def retire(self, name: str) -> None:
        """The previous view stands no longer: workers stop folding it. (`drop` then removes it.)"""
        ...

    def stir(self, name: str) -> None:
        """Documents changed behind their marks: who keeps them in memory reads them again."""
        ...

    def built(self, name: str) -> Collection[str]:
        """The keys of every view of `name` of which anything is left."""
        ...

    def drop(self, view: View[Any]) -> None:
        """Forget a view's documents, checkpoints and parked streams."""
        ...

    def attend(self, worker: str, folding: Mapping[str, Sequence[str]], seconds: float) -> None:
        """For the next `seconds` this worker folds these views (keys by name), each batch into them in this order; none: it has
        stopped."""
        ...

    def attending(self, name: str) -> Mapping[str, Sequence[str]]:
        """The workers that fold views of `name` now, and which, in order."""
        ...

    def checkpoints(self, view: View[Any], source: str) -> Mapping[int, Checkpoint]: ...

    def load(self, view: View[D], ids: Collection[str]) -> dict[str, Held[D]]:
        """The documents of these ids, graves included; an id without either is absent."""
        ...

    def scan(self, view: View[D], after: str, limit: int) -> Sequence[tuple[str, Held[D]]]:
        """The next documents beyond id `after`, in the order of ids, graves included: to compare views."""
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

    def seen(self, name: str) -> Standing:
        """Which views stand, as this process reads them: at most a second late, the same for all its threads and questions."""
        ...

    def get(self, scope: Scope, view: View[D], ids: Collection[str]) -> dict[str, D]:
        """Documents by id, of the live version, within the scope."""
        ...

    def find(
        self, scope: Scope, view: View[D], equals: Mapping[str, str | int], order: str | None, after: str | None, limit: int
    ) -> Found[D]:
        """Documents whose declared fields equal these, ordered by a declared field and the id, at most 200 a page."""
        ...

    def newer(self, scope: Scope, view: View[D], equals: Mapping[str, str | int], partition: int, sequence: int) -> dict[str, D | None]:
        """Documents (None: gone) of exactly this view with a mark of this partition beyond `sequence`. For readers that keep
        documents in memory: ask with the checkpoint of the same view that was read *the time before*, having read the new one
        first; marks of one view tell nothing about another's documents."""
        ...

    def reached(self, view: View[Any], source: str) -> Mapping[int, Checkpoint]:
        """The live view's checkpoints."""
        ...


def pinned(views: Views, view: View[D]) -> tuple[View[D], object]:
    """The view that this process reads now, to be asked by `checkpoints` and `newer`, and what tells it from all others before:
    when that changes, nothing that was kept counts any more."""
    standing = views.seen(view.name)
    return view if standing.live is None else view.at(standing.live), (standing.live, standing.stirred)


def stamp(views: Views, view: View[Any], source: str) -> object:
    """How far the view that this process reads has come: the same while its documents stand still."""
    at, which = pinned(views, view)
    return which, sorted((part, each.sequence) for part, each in views.checkpoints(at, source).items())


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
