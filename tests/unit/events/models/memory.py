"""Model: a reader keeps documents in memory and asks only for newer ones, while a worker saves batches in any order.

A worker saves a batch's documents one by one, in any order, then moves the checkpoint. A reader's round has two looks: one at
the checkpoint, one at the documents whose mark is beyond some bound. Which bound, and which look comes first, is the design.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from tests.unit.events.models.explore import put

Design = Literal["the checkpoint of the time before", "my newest", "the checkpoint of now", "documents before the checkpoint"]


class State(NamedTuple):
    """Documents and memory are marks: the sequence of the last event folded into each (0: there is none)."""

    documents: tuple[int, ...]
    memory: tuple[int, ...]
    done: int = 0  # batches whose checkpoint has moved
    saved: frozenset[int] = frozenset()  # documents of the next batch that are saved
    before: int = 0  # the checkpoint that the reader read the time before
    seen: int | None = None  # the checkpoint read in this round
    rounds: int = 0
    settled: bool = False  # a whole round has been read after the worker was done


class System(NamedTuple):
    """`batches`: for each, the mark that each touched document gets; the checkpoint is the greatest of them."""

    batches: tuple[dict[int, int], ...]
    documents: int
    rounds: int
    design: Design

    def start(self) -> State:
        return State((0,) * self.documents, (0,) * self.documents)

    def checkpoint(self, state: State) -> int:
        return max(self.batches[state.done - 1].values()) if state.done else 0

    def steps(self, state: State) -> Iterator[tuple[str, State]]:
        if state.done < len(self.batches):
            batch = self.batches[state.done]
            for each in sorted(batch.keys() - state.saved):
                documents = put(state.documents, each, batch[each])
                yield f"saves {each}", state._replace(documents=documents, saved=state.saved | {each})
            if state.saved == batch.keys():
                yield "moves the checkpoint", state._replace(done=state.done + 1, saved=frozenset())
        if state.rounds < self.rounds or (state.done == len(self.batches) and not state.settled):
            yield from self._read(state)

    def _read(self, state: State) -> Iterator[tuple[str, State]]:
        now = self.checkpoint(state)
        last = state.rounds >= self.rounds and state.done == len(self.batches)
        if self.design == "documents before the checkpoint":
            if state.seen is None:
                yield "reads documents", state._replace(memory=self._newer(state, state.before), seen=0)
            else:
                yield "reads the checkpoint", state._replace(before=now, seen=None, rounds=state.rounds + 1, settled=last)
        elif state.seen is None:
            yield "reads the checkpoint", state._replace(seen=now)
        else:
            bound = {"the checkpoint of the time before": state.before, "my newest": max(state.memory)}.get(self.design, state.seen)
            memory = self._newer(state, bound)
            yield (
                f"reads beyond {bound}",
                state._replace(memory=memory, before=state.seen, seen=None, rounds=state.rounds + 1, settled=last),
            )

    @staticmethod
    def _newer(state: State, bound: int) -> tuple[int, ...]:
        return tuple(now if now > bound else held for held, now in zip(state.memory, state.documents, strict=True))

    def wrong(self, state: State, ended: bool) -> str:
        """A reader may be behind; once all is quiet it must have everything."""
        if ended and state.memory != state.documents:
            return f"a document is missed for ever: {state.memory} for {state.documents}"
        return ""
