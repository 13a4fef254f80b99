"""Small fixed pieces of work over real adapters. Each may be done again by another process after the first died anywhere.

A piece has a beginning, which is not interrupted, the work itself, and what must hold: at once after a death (`standing`), and
when a fresh process has gone on to the end (`finished`).
"""

from __future__ import annotations

import json
import os
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from tests.faults.places import Opened, Place
from tests.faults.steps import Steps
from tests.integration.tales import WHOLE, Tale, fold, tales, told, truth
from waymark.events import rebuild as rebuild_module
from waymark.events import relay as relay_module
from waymark.events import worker as worker_module
from waymark.events.catalogue.roster import PersonForgotten, RoleGranted
from waymark.events.contract.feed import drain, facts, records
from waymark.events.decide import Decision, decide
from waymark.events.envelope import Commit, Meta, Recorded
from waymark.events.feed import Checkpoint
from waymark.events.keys import Keyring
from waymark.events.park import NotParked, NotRedactable, discard, redact, retry
from waymark.events.project import Projection
from waymark.events.rebuild import rebuild, retire, rollback
from waymark.events.store import NewCommit
from waymark.events.views import Change, Parked, System, View
from waymark.events.worker import Worker
from waymark.roster.domain.person import Person
from waymark.roster.forgetting import PERSON, forget
from waymark.roster.importing.spool import Spool

Changes = Sequence[Change[Tale]]
COMMITS = 12
POISON = "3"  # the org of the event that cannot be folded; its stream is that of p3
relay_module.BATCH = worker_module.BATCH = rebuild_module.BATCH = 5


class Piece(Struct, frozen=True, kw_only=True):
    begin: Callable[[Opened], None]
    work: Callable[[Opened, Path], None]
    standing: Callable[[Opened, Path], None]
    finished: Callable[[Opened, Path], None]


def nothing(_opened: Opened, _acknowledged: Path) -> None:
    """Nothing is promised of what stands in between."""


# ---- append


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


# ---- relay


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


# ---- fold


def fold_own(opened: Opened, _acknowledged: Path) -> None:
    Worker(opened.feed(), [tales(opened.store.service)], opened.views).catch_up()


def record_and_relay(opened: Opened) -> None:
    record(opened)
    relay(opened, Path())


def fold_topic(opened: Opened, _acknowledged: Path) -> None:
    feed = opened.topic_feed(f"{opened.topic.name}-readers")
    Worker(feed, [tales(opened.store.service)], opened.views).catch_up()
    feed.close()


def nothing_untrue(opened: Opened, _acknowledged: Path) -> None:
    """Every document, at any moment, is one that the truth went through."""
    view = tales(opened.store.service).view
    opened.views.prepare(view)
    whole = truth(opened.store)
    for key, tale in told(opened.views, view).items():
        assert tale.count <= whole[key].count
        assert tale.told == whole[key].told[: len(tale.told)]


def as_it_happened(opened: Opened, _acknowledged: Path) -> None:
    view = tales(opened.store.service).view
    assert told(opened.views, view) == truth(opened.store)
    assert opened.views.live("tales") == view.key


# ---- park


def poisoned(opened: Opened) -> Projection[object]:
    """Tales, but for the one event that cannot be folded."""
    whole = tales(opened.store.service)

    def evolve(key: str, tale: object, recorded: Recorded) -> object:
        assert isinstance(recorded.event, RoleGranted)
        if recorded.event.org.partition("/")[0] == POISON and key != WHOLE:
            raise ValueError("cannot be folded")
        return fold(key, tale, recorded)  # pyright: ignore[reportArgumentType]  the documents are tales

    return Projection(
        name=whole.name, version=1, source=whole.source, types=whole.types, document=whole.document, keys=whole.keys, evolve=evolve
    )


def park(opened: Opened, _acknowledged: Path) -> None:
    Worker(opened.feed(), [poisoned(opened)], opened.views).catch_up()


def without(opened: Opened, *missing: str) -> dict[str, object]:
    """The truth without some commits."""
    documents: dict[str, object] = {}
    for each in facts(opened.store):
        if str(each.event.org).partition("/")[0] not in missing:  # pyright: ignore[reportAttributeAccessIssue]
            for key in (f"d/tale/{each.key}", WHOLE):
                documents[key] = fold(key, documents.get(key), each)  # pyright: ignore[reportArgumentType]
    return documents


def one_stream_is_parked(opened: Opened, _acknowledged: Path) -> None:
    view = tales(opened.store.service).view
    waiting = opened.views.parked(view, "d/person/p3")
    assert [each.position for each in waiting] == [4] + [9] * 3
    assert opened.views.parked_streams(view) == {"d/person/p3": 4}
    assert told(opened.views, view) == without(opened, POISON, "8")


def recorded_and_parked(opened: Opened) -> None:
    record(opened)
    park(opened, Path())


def unpark(opened: Opened, _acknowledged: Path) -> None:
    whole = tales(opened.store.service)
    opened.views.prepare(whole.view)
    retry(whole, whole.view, opened.views, "d/person/p3")


def redacted(opened: Opened, _acknowledged: Path) -> None:
    """Without the day on which the role begins, what is left can be folded."""
    whole = tales(opened.store.service)
    opened.views.prepare(whole.view)
    try:
        redact(whole, whole.view, opened.views, "d/person/p3", 1, ["/begin"])
    except (NotParked, NotRedactable):
        retry(whole, whole.view, opened.views, "d/person/p3")  # it was folded, or redacted, before the death


def give_up(opened: Opened, _acknowledged: Path) -> None:
    view = tales(opened.store.service).view
    opened.views.prepare(view)
    discard(view, opened.views, "d/person/p3")


def replayed_in_order(opened: Opened, _acknowledged: Path) -> None:
    """Each event of the parked stream is in the documents or still waits, and what waits is the end of it."""
    view = tales(opened.store.service).view
    own = told(opened.views, view).get("d/tale/p3")
    whole = truth(opened.store)["d/tale/p3"].told
    done = own.told if own else ()
    assert done == whole[: len(done)]
    waiting = [each.sequence for each in opened.views.parked(view, "d/person/p3")]
    stored = [each.sequence for each in facts(opened.store) if each.key == "p3"]
    assert waiting == stored[len(stored) - len(waiting) :]
    assert len(waiting) + len(done) >= len(whole)


def nothing_is_parked(opened: Opened, _acknowledged: Path) -> None:
    view = tales(opened.store.service).view
    assert not opened.views.parked_streams(view)
    expected, found = truth(opened.store), told(opened.views, view)
    assert {key: (each.count, sorted(each.told)) for key, each in found.items()} == {
        key: (each.count, sorted(each.told)) for key, each in expected.items()
    }
    assert found["d/tale/p3"] == expected["d/tale/p3"]


def given_up(opened: Opened, _acknowledged: Path) -> None:
    view = tales(opened.store.service).view
    assert not opened.views.parked_streams(view)
    assert told(opened.views, view) == without(opened, POISON, "8")


# ---- rebuild


def recorded_and_folded(opened: Opened) -> None:
    record(opened)
    fold_own(opened, Path())


def recorded_and_rebuilt(opened: Opened) -> None:
    recorded_and_folded(opened)
    build(opened, Path())


def build(opened: Opened, _acknowledged: Path) -> None:
    rebuild(tales(opened.store.service), opened.feed(), opened.views, lambda *_: None, wait=lambda _: None)


def go_back(opened: Opened, _acknowledged: Path) -> None:
    rollback(tales(opened.store.service), opened.views, wait=lambda _: None)


def drop_the_old(opened: Opened, _acknowledged: Path) -> None:
    retire(tales(opened.store.service), opened.views, wait=lambda _: None)


def readers_see_the_truth(opened: Opened, _acknowledged: Path) -> None:
    """Whatever view is live, at any moment: never an empty, a partial or an older answer."""
    view, whole = tales(opened.store.service).view, truth(opened.store)
    assert opened.views.get(System("d"), view, list(whole)) == whole


def a_new_build_is_live(opened: Opened, acknowledged: Path) -> None:
    readers_see_the_truth(opened, acknowledged)
    standing = opened.views.standing("tales")
    assert standing.live not in (None, "tales@1")
    assert (standing.candidate, standing.building) == (None, None)
    assert standing.previous is not None


def one_of_two_is_live(opened: Opened, acknowledged: Path) -> None:
    readers_see_the_truth(opened, acknowledged)
    standing = opened.views.standing("tales")
    assert {standing.live, standing.previous} == {"tales@1", "tales@1.1"}


def one_is_left(opened: Opened, acknowledged: Path) -> None:
    readers_see_the_truth(opened, acknowledged)
    assert opened.views.standing("tales").previous is None
    assert opened.views.standing("tales").live == "tales@1.1"


# ---- forget


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


PIECES: Mapping[str, Piece] = {
    "append": Piece(begin=lambda _: None, work=append, standing=only_whole_commits, finished=all_commits),
    "relay": Piece(begin=record, work=relay, standing=nothing, finished=published),
    "fold": Piece(begin=record, work=fold_own, standing=nothing_untrue, finished=as_it_happened),
    "fold-topic": Piece(begin=record_and_relay, work=fold_topic, standing=nothing_untrue, finished=as_it_happened),
    "park": Piece(begin=record, work=park, standing=nothing, finished=one_stream_is_parked),
    "retry": Piece(begin=recorded_and_parked, work=unpark, standing=replayed_in_order, finished=nothing_is_parked),
    "discard": Piece(begin=recorded_and_parked, work=give_up, standing=nothing, finished=given_up),
    "redact": Piece(begin=recorded_and_parked, work=redacted, standing=replayed_in_order, finished=nothing_is_parked),
    "rebuild": Piece(begin=recorded_and_folded, work=build, standing=readers_see_the_truth, finished=a_new_build_is_live),
    "rollback": Piece(begin=recorded_and_rebuilt, work=go_back, standing=readers_see_the_truth, finished=one_of_two_is_live),
    "retire": Piece(begin=recorded_and_rebuilt, work=drop_the_old, standing=readers_see_the_truth, finished=one_is_left),
    "forget": Piece(begin=record_a_person, work=forget_a_person, standing=forgotten_or_not_begun, finished=forgotten),
}


# ---- broken on purpose: with these the walk must fail


def promise_too_early(opened: Opened, acknowledged: Path) -> None:
    for number in range(6):
        acknowledge(acknowledged, str(number))
    append(opened, acknowledged)


def checkpoint_first(opened: Opened, _acknowledged: Path) -> None:
    """A fold whose checkpoint is saved before its documents."""
    views, save = opened.views, opened.views.save

    def apart(view: View[Tale], source: str, changes: Changes, parked: Sequence[Parked], checkpoints: Mapping[int, Checkpoint]) -> set[str]:
        save(view, source, (), (), checkpoints)
        return save(view, source, changes, parked, {})

    views.save = apart
    fold_own(opened, Path())


def say_before_forgetting(opened: Opened, _acknowledged: Path) -> None:
    opened.store.append("d/person/p1", "p1", [PersonForgotten(person="p1", by="somebody")], 6, "forget-p1", Meta())
    opened.keys.forget("p1")


BROKEN: Mapping[str, Piece] = {
    "append": Piece(begin=lambda _: None, work=promise_too_early, standing=only_whole_commits, finished=all_commits),
    "fold": Piece(begin=record, work=checkpoint_first, standing=nothing_untrue, finished=as_it_happened),
    "forget": Piece(begin=record_a_person, work=say_before_forgetting, standing=forgotten_or_not_begun, finished=forgotten),
}


def first(place: Place, name: str, fatal: str | None, nth: int, acknowledged: Path, pieces: str = "as it is") -> None:
    """Begin, then do the piece and die at the step; without one, leave what steps there were in `steps.json`."""
    steps = Steps(fatal, nth)
    steps.watch()
    opened = place.open()
    piece = (BROKEN if pieces == "broken" else PIECES)[name]
    piece.begin(opened)
    with steps.armed():
        piece.work(opened, acknowledged)
    opened.close()
    (place.folder / "steps.json").write_text(json.dumps(steps.seen))


def then(place: Place, name: str, acknowledged: Path) -> None:
    """As a process that knows nothing of the one that died: look at what stands, go on to the end, look again."""
    piece = PIECES[name]
    looks: list[Callable[[Opened, Path], None]] = [piece.standing, piece.work, piece.finished]
    try:
        for look in looks:
            opened = place.open()
            look(opened, acknowledged)
            opened.close()
    except BaseException:  # noqa: BLE001  the traceback is all that is left of this process
        (place.folder / "failure.txt").write_text(traceback.format_exc())
        os._exit(1)
    os._exit(0)  # without waiting for what the clients' threads may still do
