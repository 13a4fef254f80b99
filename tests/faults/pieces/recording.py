"""Appending, relaying and forgetting: what the store, the topic and the keyring promise."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from tests.faults.pieces.piece import COMMITS, POISON
from tests.faults.places import Opened
from waymark.events.catalogue.roster import RoleGranted
from waymark.events.contract.feed import drain, facts, records
from waymark.events.decide import Decision, decide
from waymark.events.envelope import Commit, Meta
from waymark.events.keys import Keyring
from waymark.events.store import NewCommit
from waymark.roster.domain.person import Person
from waymark.roster.forgetting import PERSON, forget
from waymark.roster.importing.spool import Spool


def commit(number: int) -> NewCommit:
    """Commit `number`, of one to three events, the second or so in its person's stream."""
    person = f"p{number % 5}"
    begin = date(2026, 1, 1) if str(number) == POISON else None  # a field that can be taken out
    events = [RoleGranted(person=person, role="teacher", org=f"{number}/{at}", begin=begin) for at in range(1 + number % 3)]
    expected = sum(1 + each % 3 for each in range(number % 5, number, 5))
    return NewCommit(stream=f"d/person/{person}", key=person, events=events, expected=expected, commit_id=str(number), meta=Meta())


def append(opened: Opened, acknowledged: Path) -> None:
    """Six commits one by one, then a group of four at once; what is there already is not asked for again."""
    there = {each.commit_id for each in opened.store.scan(0, 1000)}
    for number in range(6):
        new = commit(number)
        if new.commit_id not in there:
            opened.store.append(new.stream, new.key, new.events, new.expected, new.commit_id, new.meta)
            acknowledge(acknowledged, new.commit_id)
    rest = [each for each in map(commit, range(6, 10)) if each.commit_id not in there]
    opened.store.append_many(rest)
    for each in rest:
        acknowledge(acknowledged, each.commit_id)


def acknowledge(acknowledged: Path, commit_id: str) -> None:
    with acknowledged.open("a") as told:
        told.write(f"{commit_id}\n")


def only_whole_commits(opened: Opened, acknowledged: Path) -> None:
    commits = opened.store.scan(0, 1000)  # raises unless positions are dense
    assert len(commits) == opened.store.head()
    found = Counter(each.commit_id for each in commits)
    promised = acknowledged.read_text().split() if acknowledged.exists() else []
    assert set(promised) <= found.keys(), "acknowledged, and not stored"
    assert max(found.values(), default=1) == 1, "stored twice"
    versions: dict[str, int] = {}
    for each in commits:
        assert [recorded.event for recorded in each.recorded()] == list(commit(int(each.commit_id)).events), "a part of a commit"
        assert each.version == versions.get(each.stream, 0) + 1, "versions are not gapless"
        versions[each.stream] = each.last_version
    assert list(found) == [str(number) for number in range(len(found))], "a later commit is there, an earlier one is not"


def all_commits(opened: Opened, acknowledged: Path) -> None:
    only_whole_commits(opened, acknowledged)
    assert opened.store.head() == 10


def record(opened: Opened) -> None:
    for number in range(COMMITS):
        new = commit(number)
        opened.store.append(new.stream, new.key, new.events, new.expected, new.commit_id, new.meta)


def relay(opened: Opened, _acknowledged: Path) -> None:
    """Three batches. `run` is this with a lease and pauses."""
    relay = opened.relay()
    assert opened.outbox.lease("only", 1)
    while relay.step(0):
        pass


def published(opened: Opened, _acknowledged: Path) -> None:
    assert opened.outbox.position() <= opened.store.head()
    feed = opened.topic_feed(f"{opened.topic.name}-checker")
    feed.start(dict)
    read = [each.sequence for each in records(drain(feed))]
    feed.close()
    stored = facts(opened.store)
    assert sorted(set(read)) == [each.sequence for each in stored]
    assert len(read) - len(stored) <= 10, "more than a batch was sent again"
    where = {each.sequence: each.partition for each in stored}
    for part in set(where.values()):
        own = [each for each in dict.fromkeys(read) if where[each] == part]
        assert own == sorted(own), "an event passed an earlier one of its partition"


def record_a_person(opened: Opened) -> None:
    record(opened)
    opened.keys.create(["p1", "p2"])
    Spool(opened.folder / "spool", Keyring(opened.keys)).receive([b"a package that names p1"], "d", dry_run=False)


def forget_a_person(opened: Opened, _acknowledged: Path) -> None:
    keyring = Keyring(opened.keys)

    def tell(stream: str, decision: Decision[Person]) -> object:
        return decide(opened.store, stream, PERSON, decision, "forget-p1", Meta())

    forget(opened.store, keyring, Spool(opened.folder / "spool", keyring), "d", "p1", "somebody", "asked to", tell)


def forgotten_or_not_begun(opened: Opened, _acknowledged: Path) -> None:
    """The fact is never told while the key or a waiting package is still there, and nobody else's key is touched."""
    if _said(opened):
        assert not list((opened.folder / "spool").glob("*/*"))
        assert "p1" not in opened.keys.get(["p1"])
    if "p1" not in opened.keys.get(["p1"]):
        assert list(opened.keys.forgotten(["p1"])) == ["p1"]
    assert "p2" in opened.keys.get(["p2"])


def forgotten(opened: Opened, acknowledged: Path) -> None:
    forgotten_or_not_begun(opened, acknowledged)
    assert len(_said(opened)) == 1
    assert [each.version for each in opened.store.read("d/person/p1", 0)] == [1, 3, 4, 7]


def _said(opened: Opened) -> list[Commit]:
    return [each for each in opened.store.read("d/person/p1", 0) if each.commit_id == "forget-p1"]
