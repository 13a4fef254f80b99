"""What a service does when facts stand in its documents, beyond folding them: a reaction, told by the feed that gave the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from waymark.events.feed import Batch, Checkpoint, Feed


class Reaction(Protocol):
    """Keeps its own checkpoints: what was folded beyond them is told again, so it must bear to be told twice."""

    def begin(self, source: str) -> Mapping[int, Checkpoint]:
        """How far this source was reacted to."""
        ...

    def folded(self, source: str, batch: Batch, caught_up: bool) -> None:
        """These events stand in the documents now. Raises Unavailable."""
        ...


class ReactingFeed:
    """A feed that tells, before it gives the next batch, that the one before has been folded by every projection."""

    def __init__(self, feed: Feed, reaction: Reaction) -> None:
        self._feed, self._reaction = feed, reaction
        self._given: Batch | None = None

    @property
    def source(self) -> str:
        return self._feed.source

    def start(self, resume: Callable[[], Mapping[int, Checkpoint]]) -> None:
        self._given = None
        self._feed.start(lambda: _earliest(resume(), self._reaction.begin(self.source)))

    def poll(self, limit: int, timeout: float) -> Batch:
        self._tell()
        batch = self._given = self._feed.poll(limit, timeout)
        if not batch.checkpoints:
            self._tell()  # nothing to fold: the end is reached
        return batch

    def _tell(self) -> None:
        given, self._given = self._given, None
        if given is not None:
            self._reaction.folded(self.source, given, caught_up=self._feed.behind() == 0)

    def behind(self) -> int:
        return self._feed.behind()

    def close(self) -> None:
        self._feed.close()


def _earliest(folded: Mapping[int, Checkpoint], reacted: Mapping[int, Checkpoint]) -> dict[int, Checkpoint]:
    return {part: min(folded[part], reacted[part], key=lambda each: each.sequence) for part in folded.keys() & reacted.keys()}
