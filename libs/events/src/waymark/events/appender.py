"""One appender a process: it gathers what all threads want to append and places it in groups.

Grouping is what makes durable appends fast: a group of commits costs one fsync (SQLite) or one majority bulk (MongoDB).
The adapter places; this file queues, retries what was not placed, and answers each caller.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future

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
    """A commit on its way: what to place, and the future that its caller waits on."""

    __slots__ = ("asked", "body", "commit_id", "count", "expected", "future", "key", "meta", "stream")

    def __init__(self, stream: str, key: str, events: Sequence[Event], expected: int, commit_id: str, meta: Meta) -> None:
        if not 0 < len(events) <= MAX_EVENTS:
            raise TooLarge(f"a commit takes 1 to {MAX_EVENTS} events, not {len(events)}")
        self.body = encode(events)
        if len(self.body) > MAX_BYTES:
            raise TooLarge(f"a commit takes at most {MAX_BYTES} bytes, not {len(self.body)}")
        self.stream, self.key, self.count, self.expected = stream, key, len(events), expected
        self.commit_id, self.meta = commit_id, meta
        self.asked = time.monotonic()
        self.future: Future[Appended] = Future()


Outcome = Appended | Exception | None
"""Placed; refused; or not placed this time (another process took the position): try again."""
Place = Callable[[Sequence[Pending]], Sequence[Outcome]]


class Appender:
    """Feeds groups of commits to `place`, one group at a time, in the order in which they were asked for."""

    def __init__(self, service: str, place: Place) -> None:
        self._place = place
        self._queue: queue.SimpleQueue[Pending | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._service = service

    def append(self, pending: Pending) -> Appended:
        """Wait until it is durable. Raises what `place` answered, or Unavailable after 5 s."""
        self._start()
        self._queue.put(pending)
        with _seconds.labels(self._service).time():
            return pending.future.result()

    def close(self) -> None:
        """Place what waits, then stop."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join()

    def _start(self) -> None:
        # Lazily, so that a server which forks its workers has a thread in each of them.
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name=f"appender-{self._service}", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        again: list[Pending] = []
        while True:
            group = again
            if not group:
                first = self._queue.get()
                if first is None:
                    return
                group = [first]
            stopping = self._fill(group)
            again = self._round(group)
            if stopping:
                while again:
                    again = self._round(again)
                return

    def _fill(self, group: list[Pending]) -> bool:
        while len(group) < GROUP:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                return True
            group.append(more)
        _waiting.labels(self._service).set(self._queue.qsize())
        return False

    def _round(self, group: list[Pending]) -> list[Pending]:
        """Place once; answer what has an outcome, return what must be tried again."""
        try:
            outcomes = self._place(group)
        except Unavailable:
            outcomes = [None] * len(group)
            time.sleep(0.02)
        except Exception as problem:  # noqa: BLE001 -- the caller must hear of it, and the thread must live
            outcomes = [problem] * len(group)
        again: list[Pending] = []
        for pending, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, Appended):
                pending.future.set_result(outcome)
            elif outcome is not None:
                if isinstance(outcome, Conflict):
                    _conflicts.labels(self._service).inc()
                pending.future.set_exception(outcome)
            elif time.monotonic() - pending.asked > PATIENCE:
                pending.future.set_exception(Unavailable(f"{pending.stream}: not placed within {PATIENCE:.0f} s"))
            else:
                again.append(pending)
        return again
