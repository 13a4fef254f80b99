"""Model: two workers fold one topic into documents; they crash, come back, go on as zombies, and the relay sends again.

A worker's round is that of `Projector.apply`: poll a batch, drop what is at or below the checkpoint it knows, load the touched
documents, fold, save them one by one in any order, then move the checkpoint. A document is the list of the events folded into
it, so that equality with the reference also means order and number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.unit.events.models.explore import put


class Fact(NamedTuple):
    """An event on the topic; a re-send has the same sequence again."""

    partition: int
    sequence: int
    touches: tuple[int, ...]


class Document(NamedTuple):
    folded: tuple[tuple[int, int], ...] = ()
    marks: tuple[int, ...] = (0, 0)
    revision: int = 0


class Design(NamedTuple):
    """`marks`: an event applies only beyond the document's mark. `revisions`: a save only replaces what was loaded."""

    marks: bool = True
    revisions: bool = True


class Checkpoint(NamedTuple):
    sequence: int = 0
    offset: int = 0


class Worker(NamedTuple):
    """`known`: the checkpoint it last read or wrote; `at`: the next offset to poll; None: not started (again) yet."""

    partition: int
    known: Checkpoint | None = None
    at: int = 0
    batch: tuple[int, ...] = ()  # offsets polled
    loaded: tuple[Document, ...] | None = None
    unsaved: tuple[tuple[int, Document], ...] = ()
    lost: bool = False


SAVED: tuple[Document, ...] = ()
"""In `loaded`: the batch's documents are saved."""


class State(NamedTuple):
    documents: tuple[Document, ...]
    checkpoints: tuple[Checkpoint, ...]
    workers: tuple[Worker, ...]
    crashes: int


class System(NamedTuple):
    """`topic`: the facts of each partition in the order in which they lie there."""

    topic: tuple[tuple[Fact, ...], ...]
    documents: int
    workers: tuple[int, ...]
    batch: int = 2
    design: Design = Design()

    def start(self, crashes: int) -> State:
        return State((Document(),) * self.documents, (Checkpoint(),) * 2, tuple(Worker(each) for each in self.workers), crashes)

    def steps(self, state: State) -> Iterator[tuple[str, State]]:
        for number, worker in enumerate(state.workers):
            for name, after in self._round(state, number, worker):
                yield f"worker {number} {name}", after
            if state.crashes and worker.known is not None:
                yield f"worker {number} dies", self._with(state._replace(crashes=state.crashes - 1), number, Worker(worker.partition))

    def _round(self, state: State, number: int, worker: Worker) -> Iterator[tuple[str, State]]:
        facts = self.topic[worker.partition]
        if worker.known is None:
            known = state.checkpoints[worker.partition]
            yield "starts", self._with(state, number, Worker(worker.partition, known, known.offset))
        elif not worker.batch:
            for size in range(1, min(self.batch, len(facts) - worker.at) + 1):
                yield f"polls {size}", self._with(state, number, worker._replace(batch=tuple(range(worker.at, worker.at + size))))
        elif worker.loaded is None:
            yield "loads", self._with(state, number, worker._replace(loaded=state.documents))
        elif worker.loaded == SAVED:
            yield "moves the checkpoint", self._move(state, number, worker)
        elif not worker.unsaved and not worker.lost:
            changes = self._fold(worker, worker.loaded)
            if changes:
                first = self._with(state, number, worker._replace(unsaved=changes))
                yield from self._save(first, number, first.workers[number])
            else:
                yield "moves the checkpoint", self._move(state, number, worker)
        else:
            yield from self._save(state, number, worker)

    def _fold(self, worker: Worker, loaded: tuple[Document, ...]) -> tuple[tuple[int, Document], ...]:
        assert worker.known is not None
        facts = [self.topic[worker.partition][at] for at in worker.batch]
        documents = list(loaded)
        for fact in facts:
            for each in fact.touches:
                before = documents[each]
                if fact.sequence > worker.known.sequence and (fact.sequence > before.marks[fact.partition] or not self.design.marks):
                    marks = put(before.marks, fact.partition, fact.sequence)
                    documents[each] = Document((*before.folded, (fact.partition, fact.sequence)), marks, before.revision)
        return tuple((n, d._replace(revision=d.revision + 1)) for n, d in enumerate(documents) if d != loaded[n])

    def _save(self, state: State, number: int, worker: Worker) -> Iterator[tuple[str, State]]:
        for each in worker.unsaved:
            at, document = each
            left = tuple(other for other in worker.unsaved if other != each)
            if self.design.revisions and state.documents[at].revision != document.revision - 1:
                after, lost = state, True
            else:
                after, lost = state._replace(documents=put(state.documents, at, document)), worker.lost
            yield f"saves {at}", self._saved(after, number, worker._replace(unsaved=left, lost=lost))

    def _saved(self, state: State, number: int, worker: Worker) -> State:
        if worker.unsaved:
            return self._with(state, number, worker)
        if worker.lost:  # somebody else saved one of them meanwhile: load and fold again
            return self._with(state, number, worker._replace(loaded=None, lost=False))
        return self._with(state, number, worker._replace(loaded=SAVED))

    def _move(self, state: State, number: int, worker: Worker) -> State:
        assert worker.known is not None
        reached = Checkpoint(
            max(worker.known.sequence, *(self.topic[worker.partition][at].sequence for at in worker.batch)), worker.batch[-1] + 1
        )
        stored = state.checkpoints[worker.partition]
        if reached.sequence >= stored.sequence:
            state = state._replace(checkpoints=put(state.checkpoints, worker.partition, reached))
        return self._with(state, number, Worker(worker.partition, reached, reached.offset))

    @staticmethod
    def _with(state: State, number: int, worker: Worker) -> State:
        return state._replace(workers=put(state.workers, number, worker))

    def truth(self, document: int, partition: int) -> list[tuple[int, int]]:
        """The events of a partition that belong into a document, each once, in order."""
        return sorted({(f.partition, f.sequence) for f in self.topic[partition] if document in f.touches})

    def wrong(self, state: State, ended: bool) -> str:
        for number, document in enumerate(state.documents):
            for partition, facts in enumerate(self.topic):
                folded = [each for each in document.folded if each[0] == partition]
                truth = self.truth(number, partition)
                if folded != truth[: len(folded)]:
                    return f"document {number} says what never was: {folded}"
                behind = [each for each in truth if each[1] <= state.checkpoints[partition].sequence]
                if len(folded) < len(behind):
                    return f"document {number} lacks an event that the checkpoint has passed"
                if ended and facts and folded != truth:
                    return f"document {number} lacks an event for ever"
        return ""
