"""Every step that a process takes towards the outside, seen from outside the product: where to die is named by a step.

A step is what was about to happen or had just happened: `before BEGIN`, `after INSERT roster_commits` (an SQLite statement and
its table), `before insert roster_commits` (a MongoDB command, its collection), `after commit_transaction` (the producer's
call), `after store.append` (a port's call).
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from pymongo import monitoring

from waymark.events import kafka

KILLED = 137  # what a shell says of a process that was killed with -9
STATEMENT = re.compile(
    r"\s*(?:(?P<alone>BEGIN|COMMIT|ROLLBACK|PRAGMA wal_checkpoint|PRAGMA)\b"
    r"|(?P<verb>SELECT|INSERT|UPDATE|DELETE|CREATE|DROP)\b.*?\b(?:FROM|INTO|UPDATE|EXISTS|ON|JOIN)\s+(?P<table>\w+)"
    r"|UPDATE\s+(?P<updated>\w+))",
    re.IGNORECASE | re.DOTALL,
)


class Steps:
    """Counts steps while armed, and dies at the one it was told, at its `nth` time, as a killed process would."""

    def __init__(self, fatal: str | None, nth: int) -> None:
        self._fatal, self._left, self._armed = fatal, nth, False
        self.seen: list[str] = []

    @contextmanager
    def armed(self) -> Iterator[None]:
        self._armed = True
        yield
        self._armed = False

    def __call__(self, step: str) -> None:
        if not self._armed:
            return
        self.seen.append(step)
        if step == self._fatal:
            self._left -= 1
            if not self._left:
                os._exit(KILLED)

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """`call`, with a step before and one after it."""

        def stepped(*arguments: Any, **named: Any) -> Any:
            self(f"before {name}")
            answer = call(*arguments, **named)
            self(f"after {name}")
            return answer

        return stepped

    def watch(self) -> None:
        """See all that this process does from now on. Nothing is undone: it is for processes that are about to end."""
        sqlite3.connect = partial(sqlite3.connect, factory=_connection(self))
        monitoring.register(_Commands(self))
        kafka.__dict__.update(
            KafkaProducer=_stepping(self, KafkaProducer, "begin_transaction", "send", "flush", "commit_transaction", "init_transactions"),
            KafkaConsumer=_stepping(self, KafkaConsumer, "poll", "seek"),
        )


def statement(sql: str) -> str:
    """`INSERT roster_commits` of the whole statement."""
    found = STATEMENT.match(sql)
    assert found is not None, sql
    if found["updated"]:
        return f"UPDATE {found['updated']}"
    return found["alone"] or f"{found['verb'].upper()} {found['table']}"


def _connection(steps: Steps) -> type[sqlite3.Connection]:
    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
            return steps.around(statement(sql), super().execute)(sql, *rest)

        def executemany(self, sql: str, *rest: Any) -> sqlite3.Cursor:
            return steps.around(statement(sql), super().executemany)(sql, *rest)

    return Connection


class _Commands(monitoring.CommandListener):
    """A reply that has come but was not yet looked at is, to the caller, a reply that was lost."""

    def __init__(self, steps: Steps) -> None:
        self._steps, self._sent = steps, dict[int, str]()

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        name = f"{event.command_name} {event.command.get(event.command_name)}"
        self._sent[event.request_id] = name
        self._steps(f"before {name}")

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        self._steps(f"after {self._sent.pop(event.request_id)}")

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        self._sent.pop(event.request_id)


def _stepping(steps: Steps, client: type[Any], *calls: str) -> type[Any]:
    def stepped(call: str) -> Callable[..., Any]:
        return lambda self, *rest, **named: steps.around(call, partial(getattr(client, call), self))(*rest, **named)

    return type(client.__name__, (client,), {call: stepped(call) for call in calls})
