"""Model: writers give commits their positions while a reader goes along.

Ours: read the greatest position and the stream's head, then insert at one beyond; the two unique keys decide. Broken: take
a number from a counter, then insert. Broken otherwise: believe the caller's version instead of the head that was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from tests.unit.events.models.explore import put

Design = Literal["insert at one beyond", "counter, then insert", "version from the caller"]


class Commit(NamedTuple):
    position: int
    stream: str
    version: int
    count: int


class Writer(NamedTuple):
    """`left`: the streams still to be appended to, with the number of events and the version that the caller claims."""

    left: tuple[tuple[str, int, int], ...]
    taken: int = 0  # the position to insert at; 0: none chosen yet
    version: int = -1


class State(NamedTuple):
    stored: frozenset[Commit] = frozenset()
    writers: tuple[Writer, ...] = ()
    counter: int = 0
    reader: int = 0
    late: bool = False


def steps(state: State, design: Design) -> Iterator[tuple[str, State]]:
    for number, writer in enumerate(state.writers):
        if writer.left:
            for name, after in _write(state, number, writer, design):
                yield f"writer {number} {name}", after
    top = max((each.position for each in state.stored), default=0)
    if top > state.reader:
        yield f"reader reads to {top}", state._replace(reader=top)


def _write(state: State, number: int, writer: Writer, design: Design) -> Iterator[tuple[str, State]]:
    stream, count, claimed = writer.left[0]
    moved = lambda **to: put(state.writers, number, writer._replace(**to))
    if writer.version < 0:
        head = max((c.version + c.count - 1 for c in state.stored if c.stream == stream), default=0)
        yield "reads the head", state._replace(writers=moved(version=claimed if design == "version from the caller" else head))
    elif not writer.taken:
        if design == "counter, then insert":
            yield "takes a number", state._replace(counter=state.counter + 1, writers=moved(taken=state.counter + 1))
        else:
            yield "reads the greatest position", state._replace(writers=moved(taken=max((c.position for c in state.stored), default=0) + 1))
    else:
        commit = Commit(writer.taken, stream, writer.version + 1, count)
        if any(c.stream == stream and c.version == commit.version for c in state.stored):
            yield (
                "finds its version taken",
                state._replace(writers=moved(left=writer.left[1:], taken=0, version=-1)),
            )  # a conflict: gives up
        elif any(c.position == commit.position for c in state.stored):
            yield "finds its position taken", state._replace(writers=moved(taken=0, version=-1))
        else:
            done = put(state.writers, number, Writer(writer.left[1:]))
            late = state.late or commit.position <= state.reader
            yield f"inserts {commit.position}", state._replace(stored=state.stored | {commit}, writers=done, late=late)


def wrong(state: State, ended: bool) -> str:
    positions = sorted(each.position for each in state.stored)
    if positions != list(range(1, len(positions) + 1)):
        return "a hole"
    covered = [(c.stream, v) for c in state.stored for v in range(c.version, c.version + c.count)]
    if len(covered) != len(set(covered)):
        return "two events with one version"
    return passed_over(state, ended)


def passed_over(state: State, _ended: bool) -> str:
    """What is wrong even for a reader that does not mind holes."""
    return "a commit arrived behind the reader" if state.late else ""
