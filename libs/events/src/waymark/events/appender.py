"""One appender a process: it gathers what all threads want to append and places it in groups.

Grouping is what makes durable appends fast: a group of commits costs one fsync (SQLite) or one majority bulk (MongoDB).
Whoever comes while nobody is placing places, at once and in its own thread: a lone writer pays for no hand-over. Who comes
meanwhile waits; when the group is answered, the first of those waiting places all of them. The adapter places; this file
queues, retries what was not placed, and answers each caller.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from prometheus_client import Counter, Gauge, Histogram

from waymark.events.catalogue import encode
from waymark.events.envelope import MAX_BYTES, MAX_EVENTS, Event, Meta
from waymark.events.store import Appended, Conflict, TooLarge, Unavailable

GROUP = 200  # commits
PATIENCE = 5.0  # seconds until a commit that could not be placed is Unavailable

_seconds = Histogram("append_seconds", "From asking to a durable answer", ["service"])
_conflicts = Counter("append_conflicts_total", "Appends refused because the stream moved on", ["service"])
_waiting = Gauge("appender_queue", "Commits waiting to be placed", ["service"])


class Pending:
    """A commit on its way: what to place, and what came of it. `tries` counts the rounds that did not place it."""

    __slots__ = ("asked", "body", "commit_id", "count", "expected", "key", "meta", "outcome", "stream", "tries", "turn")

    def __init__(self, stream: str, key: str, events: Sequence[Event], expected: int, commit_id: str, meta: Meta) -> None:
        if not 0 < len(events) <= MAX_EVENTS:
            raise TooLarge(f"a commit takes 1 to {MAX_EVENTS} events, not {len(events)}")
        self.body = encode(events)
        if len(self.body) > MAX_BYTES:
            raise TooLarge(f"a commit takes at most {MAX_BYTES} bytes, not {len(self.body)}")
        self.stream, self.key, self.count, self.expected = stream, key, len(events), expected
        self.commit_id, self.meta = commit_id, meta
        self.asked = time.monotonic()
        self.tries = 0
        self.outcome: Outcome = None
        self.turn: threading.Lock | None = None  # held while its caller sleeps: released with an outcome, or to place


Outcome = Appended | Exception | None
"""Placed; refused; or not placed this time (another process took the position): try again."""
Place = Callable[[Sequence[Pending]], Sequence[Outcome]]


class Appender:
    """Feeds groups of commits to `place`, one group at a time, in the order in which they were asked for."""

    def __init__(self, service: str, place: Place) -> None:
        self._place = place
        self._queue: deque[Pending] = deque()
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._placing = False  # whether a caller is placing, or has been woken to
        self._seconds, self._conflicts = _seconds.labels(service), _conflicts.labels(service)
        _waiting.labels(service).set_function(lambda: len(self._queue))

    def append(self, pending: Pending) -> Appended:
        """Wait until it is durable. Raises what `place` answered, or Unavailable after 5 s."""
        with self._lock:
            self._queue.append(pending)
            waits, self._placing = self._placing, True
            if waits:
                pending.turn = threading.Lock()
                pending.turn.acquire()
        if waits:
            assert pending.turn is not None
            pending.turn.acquire()
        if pending.outcome is None:
            self._lead(pending)
        self._seconds.observe(time.monotonic() - pending.asked)
        outcome = pending.outcome
        if isinstance(outcome, Appended):
            return outcome
        assert outcome is not None
        raise outcome

    def close(self) -> None:
        """Wait until everything that was asked for has its answer."""
        with self._idle:
            self._idle.wait_for(lambda: not self._placing)

    def _lead(self, own: Pending) -> None:
        """Place groups until one's own commit has its outcome, then let the next one place. It always stands in the first group."""
        try:
            while own.outcome is None:
                with self._lock:
                    group = [self._queue.popleft() for _ in range(min(GROUP, len(self._queue)))]
                again = self._round(group)
                if again:
                    with self._lock:
                        self._queue.extendleft(reversed(again))
        finally:
            with self._idle:
                if self._queue:
                    _wake(self._queue[0])
                else:
                    self._placing = False
                    self._idle.notify_all()

    def _round(self, group: list[Pending]) -> list[Pending]:
        """Place once; answer what has an outcome, return what must be tried again."""
        outcomes: Sequence[Outcome] = [Unavailable("the appending thread was interrupted")] * len(group)
        try:
            outcomes = self._place(group)
        except Unavailable:
            outcomes = [None] * len(group)
            time.sleep(0.02)
        except Exception as problem:  # noqa: BLE001 -- each caller of the group must hear of it
            outcomes = [problem] * len(group)
        finally:
            again = [each for each, outcome in zip(group, outcomes, strict=True) if not self._answer(each, outcome)]
        return again

    def _answer(self, pending: Pending, outcome: Outcome) -> bool:
        """Whether there is an answer; its caller then has it."""
        if outcome is None:
            pending.tries += 1
            if time.monotonic() - pending.asked <= PATIENCE:
                return False
            outcome = Unavailable(f"{pending.stream}: not placed within {PATIENCE:.0f} s")
        if isinstance(outcome, Conflict):
            self._conflicts.inc()
        pending.outcome = outcome
        _wake(pending)
        return True


def _wake(pending: Pending) -> None:
    turn, pending.turn = pending.turn, None  # once: with an outcome, or to place
    if turn is not None:
        turn.release()
