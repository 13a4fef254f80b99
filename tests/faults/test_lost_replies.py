"""The server did it and the reply was lost: whoever asks again gets the same answer, and nothing is done twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from tests.faults.pieces.recording import commit
from tests.faults.wire import Wire, wired
from waymark.events.contract.views import VIEW, Row, at, change
from waymark.events.keys import PersonForgotten
from waymark.events.mongo.database import Documents, connect
from waymark.events.mongo.keys import MongoKeys
from waymark.events.mongo.outbox import MongoOutbox
from waymark.events.mongo.store import MongoStore
from waymark.events.mongo.views import MongoViews
from waymark.events.store import Unavailable

pytestmark = pytest.mark.mongodb
T = TypeVar("T")
Cut = tuple[Wire, Documents]


@pytest.fixture
def cut(mongodb_url: str) -> Iterator[Cut]:
    """A database at the far end of a wire."""
    with wired(mongodb_url) as (wire, url):
        database = connect(url, f"wire-{uuid.uuid4().hex[:12]}")
        yield wire, database
        database.client.drop_database(database.name)
        database.client.close()


def insisting(call: Callable[[], T]) -> T:
    """The caller who was told that the database did not answer, and asks again."""
    try:
        return call()
    except Unavailable:
        return call()


def test_an_append_whose_reply_was_lost_is_acknowledged_and_stands_once(cut: Cut) -> None:
    wire, database = cut
    store = MongoStore(database, "roster")
    for number in range(6):
        if number in (0, 3):
            wire.lose("insert")
        new = commit(number)
        appended = store.append(new.stream, new.key, new.events, new.expected, new.commit_id, new.meta)
        assert (appended.position, appended.version) == (number + 1, new.expected + len(new.events))
    assert wire.lost == 2
    assert [each.commit_id for each in store.scan(0, 100)] == ["0", "1", "2", "3", "4", "5"]
    store.close()


def test_an_append_whose_reply_was_lost_stands_once_although_others_wrote_meanwhile(cut: Cut, mongodb_url: str) -> None:
    wire, database = cut
    near = connect(mongodb_url, database.name)
    store, another = MongoStore(database, "roster"), MongoStore(near, "roster")
    for number in range(4):
        other, new = commit(number + 20), commit(number)
        another.append(f"{other.stream}-other", other.key, other.events, 0, other.commit_id, other.meta)
        wire.lose("insert")
        assert store.append(new.stream, new.key, new.events, new.expected, new.commit_id, new.meta).version == len(new.events)
    assert wire.lost == 4
    assert [each.position for each in store.scan(0, 100)] == list(range(1, 9))
    assert len({each.commit_id for each in store.scan(0, 100)}) == 8
    for each in (store, another):
        each.close()
    near.client.close()


def test_a_group_whose_reply_was_lost_stands_once(cut: Cut) -> None:
    wire, database = cut
    store = MongoStore(database, "roster")
    group = [commit(number) for number in range(5)]
    wire.lose("insert")
    try:
        store.append_many(group)
    except Unavailable:
        there = {each.commit_id for each in store.scan(0, 100)}  # as an import asks before it goes on
        store.append_many([each for each in group if each.commit_id not in there])
    assert wire.lost == 1
    assert [each.commit_id for each in store.scan(0, 100)] == ["0", "1", "2", "3", "4"]
    store.close()


@pytest.mark.parametrize("command", ["insert", "update"])
def test_documents_whose_reply_was_lost_are_saved_once_and_their_checkpoint_follows(cut: Cut, command: str) -> None:
    wire, database = cut
    views = MongoViews(database, "plans")
    views.prepare(VIEW)
    views.save(VIEW, "plans", [change("d/row/1", Row(count=1))], (), {3: at(1)})
    changes = [change("d/row/1", Row(count=2), mark=2, revision=1), change("d/row/2", Row(count=2), mark=2)]
    wire.lose(command)
    with pytest.raises(Unavailable):
        views.save(VIEW, "plans", changes, (), {3: at(2)})
    assert wire.lost == 1
    # Folded again from what is there: marks leave out what is in, and the rest and the checkpoint are saved.
    held = views.load(VIEW, ["d/row/1", "d/row/2"])
    missing = [
        change(each.id, each.document, mark=2, revision=held[each.id].revision if each.id in held else 0)
        for each in changes
        if each.id not in held or held[each.id].marks[3] < 2
    ]
    assert views.save(VIEW, "plans", missing, (), {3: at(2)}) == set()
    assert {key: (each.document, each.marks) for key, each in views.load(VIEW, ["d/row/1", "d/row/2"]).items()} == {
        "d/row/1": (Row(count=2), {3: 2}),
        "d/row/2": (Row(count=2), {3: 2}),
    }
    assert views.checkpoints(VIEW, "plans")[3].sequence == 2


def test_the_outbox_may_be_told_again(cut: Cut) -> None:
    wire, database = cut
    outbox = MongoOutbox(database, "roster")
    wire.lose("insert")
    assert insisting(lambda: outbox.lease("one", 1))
    wire.lose("update")
    assert insisting(lambda: outbox.lease("one", 1))
    wire.lose("update")
    insisting(lambda: outbox.adopt("topic"))
    wire.lose("update")
    insisting(lambda: outbox.reached(7))
    assert (wire.lost, outbox.position()) == (4, 7)


def test_a_key_is_made_once_and_forgotten_for_good(cut: Cut) -> None:
    wire, database = cut
    keys = MongoKeys(database, b"m" * 32)
    wire.lose("insert")
    made = insisting(lambda: keys.create(["a"]))
    assert keys.get(["a"]) == made
    wire.lose("update")
    insisting(lambda: keys.forget("a"))
    assert wire.lost == 2
    with pytest.raises(PersonForgotten):
        keys.create(["a"])
