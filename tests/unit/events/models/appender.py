"""Model: two processes place groups of commits with ordered bulks; replies get lost, and a bulk whose reply was lost may
still be at work on the server.

A round is that of `MongoStore._place`: read the heads (what they already answer is answered), read the greatest position,
send one ordered bulk, and at a duplicate look up which of its commits stand. Whatever was not placed goes into the next round.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.unit.events.models.explore import put


class Request(NamedTuple):
    """A commit of one event, decided on version `expected`. A client that retries sends its commit id again."""

    process: int
    stream: str
    expected: int
    commit: str


class Stored(NamedTuple):
    stream: str
    version: int
    commit: str


class Answer(NamedTuple):
    """`position` of the placed commit, or 0: a conflict."""

    position: int


class Bulk(NamedTuple):
    """What a server is working on: (position, request), in order; `at` is the next to be inserted."""

    writes: tuple[tuple[int, int], ...]
    at: int = 0
    duplicate: bool = False


class Process(NamedTuple):
    waiting: tuple[int, ...]
    chosen: tuple[int, ...] | None = None  # those that fit the heads; None: the heads are not read yet
    bulk: Bulk | None = None


class Design(NamedTuple):
    looks_up: bool = True
    ordered: bool = True


class State(NamedTuple):
    stored: tuple[tuple[int, Stored], ...]
    processes: tuple[Process, ...]
    answers: tuple[Answer | None, ...]
    losses: int
    ghosts: frozenset[Bulk] = frozenset()


def start(requests: tuple[Request, ...], losses: int) -> State:
    processes = tuple(Process(tuple(n for n, r in enumerate(requests) if r.process == p)) for p in (0, 1))
    return State((), processes, (None,) * len(requests), losses)


class System(NamedTuple):
    requests: tuple[Request, ...]
    design: Design = Design()

    def steps(self, state: State) -> Iterator[tuple[str, State]]:
        for number, process in enumerate(state.processes):
            if process.waiting:
                for name, after in self._round(state, number, process):
                    yield f"process {number} {name}", after
        for ghost in state.ghosts:
            stored, bulk = self._insert(state.stored, ghost)
            rest = state.ghosts - {ghost}
            yield "a lost bulk goes on", state._replace(stored=stored, ghosts=rest if self._over(bulk) else rest | {bulk})

    def _round(self, state: State, number: int, process: Process) -> Iterator[tuple[str, State]]:
        if process.chosen is None:
            yield "reads the heads", self._read_heads(state, number, process)
        elif process.bulk is None:
            first = max((position for position, _ in state.stored), default=0) + 1
            bulk = Bulk(tuple(enumerate(process.chosen, first)))
            yield "reads the greatest position and sends", self._with(state, number, process._replace(bulk=bulk))
        else:
            yield from self._wait(state, number, process, process.bulk)

    def _wait(self, state: State, number: int, process: Process, bulk: Bulk) -> Iterator[tuple[str, State]]:
        if not self._over(bulk):
            stored, after = self._insert(state.stored, bulk)
            yield "inserts", self._with(state._replace(stored=stored), number, process._replace(bulk=after))
        elif bulk.duplicate:
            yield "looks up", self._look_up(state, number, process, bulk)
        else:
            yield "hears that all stand", self._answer(state, number, process, {r: Answer(position) for position, r in bulk.writes})
        if state.losses:
            ghosts = state.ghosts if self._over(bulk) else state.ghosts | {bulk}
            lost = state._replace(losses=state.losses - 1, ghosts=ghosts)
            yield "hears nothing", self._with(lost, number, Process(process.waiting))

    def _read_heads(self, state: State, number: int, process: Process) -> State:
        answers: dict[int, Answer] = {}
        chosen: dict[str, int] = {}
        for each in process.waiting:
            request = self.requests[each]
            if request.stream in chosen:
                continue  # one commit a stream; the others wait for the next round
            head = max((s.version for _, s in state.stored if s.stream == request.stream), default=0)
            if head != request.expected:
                answers[each] = Answer(self._own(state, request) if self.design.looks_up else 0)
            else:
                chosen[request.stream] = each
        after = self._answer(state, number, process, answers)
        return self._with(after, number, after.processes[number]._replace(chosen=tuple(chosen.values()) or None))

    @staticmethod
    def _own(state: State, request: Request) -> int:
        return next((position for position, s in state.stored if (s.stream, s.commit) == (request.stream, request.commit)), 0)

    def _insert(self, stored: tuple[tuple[int, Stored], ...], bulk: Bulk) -> tuple[tuple[tuple[int, Stored], ...], Bulk]:
        position, number = bulk.writes[bulk.at]
        request = self.requests[number]
        commit = Stored(request.stream, request.expected + 1, request.commit)
        taken = any(p == position or (s.stream, s.version) == (commit.stream, commit.version) for p, s in stored)
        after = Bulk(bulk.writes, bulk.at + 1, bulk.duplicate or taken)
        return (stored if taken else tuple(sorted((*stored, (position, commit))))), after

    def _over(self, bulk: Bulk) -> bool:
        return bulk.at == len(bulk.writes) or (bulk.duplicate and self.design.ordered)

    def _look_up(self, state: State, number: int, process: Process, bulk: Bulk) -> State:
        standing = dict(state.stored)
        ours = {r: Answer(p) for p, r in bulk.writes if p in standing and standing[p].commit == self.requests[r].commit}
        return self._answer(state, number, process, ours if self.design.looks_up else {})

    def _answer(self, state: State, number: int, process: Process, answers: dict[int, Answer]) -> State:
        """Tell the callers, and begin the next round with the rest."""
        told = state
        for each, answer in answers.items():
            told = told._replace(answers=put(told.answers, each, answer))
        return self._with(told, number, Process(tuple(each for each in process.waiting if each not in answers)))

    @staticmethod
    def _with(state: State, number: int, process: Process) -> State:
        return state._replace(processes=put(state.processes, number, process))

    def wrong(self, state: State, ended: bool) -> str:
        if [position for position, _ in state.stored] != list(range(1, len(state.stored) + 1)):
            return "a hole"
        standing = dict(state.stored)
        placed = [s.commit for s in standing.values()]
        for request, answer in zip(self.requests, state.answers, strict=True):
            if placed.count(request.commit) > 1:
                return "a commit stands twice"
            if answer is None:
                if ended:
                    return "a caller was never answered"
            elif answer.position and (answer.position not in standing or standing[answer.position].commit != request.commit):
                return "a caller was told a wrong place"
            elif not answer.position and request.commit in placed:
                return "a caller was told of a conflict, and its own commit stands"
        return ""
