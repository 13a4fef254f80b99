"""Folding, parking and rebuilding: what the views promise."""

from __future__ import annotations

from pathlib import Path

from tests.faults.pieces.piece import POISON
from tests.faults.pieces.recording import record, relay
from tests.faults.places import Opened
from tests.integration.tales import WHOLE, fold, tales, told, truth
from waymark.events.catalogue.roster import RoleGranted
from waymark.events.contract.feed import facts
from waymark.events.envelope import Recorded
from waymark.events.park import NotParked, NotRedactable, discard, redact, retry
from waymark.events.project import Projection
from waymark.events.rebuild import rebuild, retire, rollback
from waymark.events.views import System
from waymark.events.worker import Worker


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
