"""The real engines, where there are any; a name of its own for every database and topic, dropped afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import contextmanager

from kafka import KafkaAdminClient

from bench.report import Report, Verdict
from waymark.events.catalogue import Topic
from waymark.events.envelope import PARTITIONS
from waymark.events.kafka import create_topics
from waymark.events.mongo.database import Documents, connect
from waymark.tools import engines


def mongodb() -> str | None:
    """The address of a MongoDB-protocol server: of the environment, else of `make engines-up`."""
    found = engines.running()
    return found.mongodb_url if found else None


def kafka() -> str | None:
    found = engines.running()
    return found.kafka_bootstrap if found else None


def absent(report: Report, what: str, needed: str) -> Report:
    """The row, saying plainly that it could not run."""
    reason = f"not measured: no {needed} answers (make engines-up)"
    report.verdicts.append(Verdict(what=what, ours="", target="", reached="", met=None, reason=reason))
    return report


@contextmanager
def documents(url: str) -> Generator[Documents]:
    """A database of its own."""
    database = connect(url, f"bench-{secrets.token_hex(4)}")
    try:
        yield database
    finally:
        database.client.drop_database(database.name)
        database.client.close()


@contextmanager
def topic(bootstrap: str) -> Generator[Topic]:
    """A topic of its own, with the settings that every topic has."""
    made = Topic("plans", f"bench-{secrets.token_hex(4)}.events.v1", PARTITIONS)
    create_topics({"bootstrap_servers": bootstrap}, 1, (made,))
    try:
        yield made
    finally:
        admin = KafkaAdminClient(bootstrap_servers=bootstrap)
        admin.delete_topics([made.name])
        admin.close()
