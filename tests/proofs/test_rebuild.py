"""Properties 18 to 20 of engine.md: building a view anew under writes, and going back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.contract.adapters import OnMongo, OnSqlite
from tests.integration.tales import WHOLE, Tale, tales, told, truth
from tests.integration.threads import eventually
from tests.proofs.proof import Variant, must, proof
from tests.proofs.schedules import AroundViews
from waymark.events import rebuild as module
from waymark.events import worker as folding
from waymark.events.contract.feed import write
from waymark.events.feed import Batch, StoreFeed
from waymark.events.project import Projection
from waymark.events.rebuild import rebuild, rollback
from waymark.events.store import Store
from waymark.events.views import System, View, Views
from waymark.events.worker import Worker

TALES = tales("roster")
BEFORE = 60


class Slow(AroundViews):
    """Whoever flips readers is held up until the view that they have has gone on."""

    def flip(self, name: str, key: str) -> None:
        live = TALES.view.at(self.real.live(name) or TALES.view.key)
        count = counted(self.real, live)
        eventually(lambda: counted(self.real, live) > count + 2, seconds=5)
        self.real.flip(name, key)


def counted(views: Views, view: View[Tale]) -> int:
    held = views.load(view, [WHOLE]).get(WHOLE)
    return held.document.count if held and held.document else 0


class House:
    """A writer, a worker and a reader, each in a thread; `wrong` is what the reader should never have seen."""

    def __init__(self, store: Store, views: Views) -> None:
        self.store, self.views = store, views
        self.wrong: list[str] = []
        self.reads = 0
        self._stop = threading.Event()
        self._quiet = threading.Event()
        self._worker = Worker(StoreFeed(store), [TALES], views)
        self._writer = threading.Thread(target=self._write)

    @contextmanager
    def living(self) -> Iterator[None]:
        loops: tuple[Callable[[], None], ...] = (lambda: self._worker.run(self._stop), self._read)
        threads = [self._writer, *(threading.Thread(target=each) for each in loops)]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            self._quiet.set()
            self._stop.set()
            for each in threads:
                each.join()

    def settle(self) -> None:
        """No more writes; everything is folded."""
        self._quiet.set()
        self._writer.join()
        assert eventually(lambda: self.seen() == len([1 for commit in self.store.scan(0, 10_000) for _ in commit.recorded()])), (
            "it never caught up"
        )

    def must_never_see_older(self, for_seconds: float = 0.7) -> None:
        eventually(lambda: bool(self.wrong), for_seconds)
        must(not self.wrong, self.wrong[0] if self.wrong else "")

    def seen(self) -> int:
        found = self.views.get(System("d"), TALES.view, [WHOLE])
        return found[WHOLE].count if found else 0

    def _write(self) -> None:
        number = BEFORE
        while not self._quiet.wait(0.01):
            number += 1
            write(self.store, number)

    def _read(self) -> None:
        last = 0
        while not self._stop.wait(0.002):
            count = self.seen()
            self.reads += 1
            if count < last:
                self.wrong.append(f"an answer of {last} facts was followed by one of {count}")
            last = count


def flipping_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was built is given to readers at once, although no worker has noticed it yet."""
    monkeypatch.setattr(folding, "LOOK", 600.0)
    handing_over_blindly(monkeypatch)


def handing_over_blindly(monkeypatch: pytest.MonkeyPatch) -> None:
    def hand_over(projection: Projection[Any], view: View[Any], views: Views, wait: Any = None) -> None:
        views.flip(view.name, view.key)

    monkeypatch.setattr(module, "hand_over", hand_over)


def forgetting_the_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a program that folds what is live and no more, and flips back whenever it is told to."""
    handing_over_blindly(monkeypatch)
    folded_views = folding.folded_views

    def live_only(projection: Projection[Any], standing: Any, now: float) -> list[View[Any]]:
        return [each for each in folded_views(projection, standing, now) if each.key != standing.previous]

    monkeypatch.setattr(folding, "folded_views", live_only)
    monkeypatch.setattr(module, "folded_views", live_only)


class Endless(StoreFeed):
    """A feed that is never at its end before it has seen an event."""

    seen, stop = False, threading.Event()

    def poll(self, limit: int, timeout: float) -> Batch:
        batch = super().poll(limit, timeout)
        self.seen = self.seen or bool(batch.records)
        if self.stop.wait(0.01):
            raise InterruptedError
        return batch

    def behind(self) -> int:
        return super().behind() if self.seen else 1


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything ten times as fast, in the same proportions."""
    for name, seconds in (("LOOK", 0.2), ("WAIT", 0.02)):
        monkeypatch.setattr(folding, name, seconds)
    monkeypatch.setattr(module, "LOOK", 0.01)
    monkeypatch.setattr("waymark.events.standing.SEEN_SECONDS", 0.1)
    monkeypatch.setattr("waymark.events.standing.SETTLED_SECONDS", 0.4)
    monkeypatch.setattr("waymark.events.rebuild.SEEN_SECONDS", 0.1)


@pytest.mark.usefixtures("quick")
class RebuildProperties:
    """Give `store` and `views`, fresh."""

    @pytest.fixture
    def house(self, store: Store, views: Views) -> House:
        for number in range(BEFORE):
            write(store, number)
        Worker(StoreFeed(store), [TALES], views).catch_up()
        return House(store, views)

    @proof({"readers are flipped as soon as it is built": flipping_at_once})
    def test_property_18_a_rebuild_equals_the_live_view_and_no_answer_at_the_flip_is_older(
        self, variant: Variant, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        variant(monkeypatch)
        slow: Any = Slow(house.views)
        with house.living():
            time.sleep(0.2)
            built = rebuild(TALES, StoreFeed(house.store), slow, lambda *_: None)
            house.must_never_see_older()
            live = house.views.live(TALES.name)
            house.settle()
        must(live == built.key != TALES.view.key, "readers have not been flipped to what was built")
        must(told(house.views, built) == truth(house.store), "what was rebuilt is not the fold of the facts")
        assert house.reads > 50, "nobody read"

    @proof({"what readers no longer have is not folded on": forgetting_the_old})
    def test_property_19_a_rollback_gives_the_old_view_as_if_it_had_never_been_left(
        self, variant: Variant, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        variant(monkeypatch)
        with house.living():
            rebuild(TALES, StoreFeed(house.store), house.views, lambda *_: None)
            far = house.seen() + 60
            assert eventually(lambda: house.seen() > far), "nobody folds"
            house.wrong.clear()  # what a broken rebuild shows is property 18
            back = rollback(TALES, house.views)
            house.must_never_see_older()
            house.settle()
        must(back.key == TALES.view.key == house.views.live(TALES.name), "readers have not been given the old view")
        must(told(house.views, back) == truth(house.store), "the old view is not the fold of the facts")

    @proof({"a feed is awaited until it brings something": lambda _: Endless})
    def test_property_20_a_rebuild_of_nothing_ends(self, variant: Variant, store: Store, views: Views) -> None:
        feed, ended = variant(StoreFeed)(store), list[str]()

        def build() -> None:
            try:
                ended.append(rebuild(TALES, feed, views, lambda *_: None).key)
            except InterruptedError:
                return

        building = threading.Thread(target=build)
        building.start()
        building.join(3)
        in_time = bool(ended)
        Endless.stop.set()
        building.join()
        Endless.stop.clear()
        must(in_time, "after 3 s it has not ended")
        must(views.live(TALES.name) == ended[0], "nothing is live")
        must(views.get(System("d"), TALES.view, [WHOLE]) == {}, "documents of nothing")


class TestSqlite(OnSqlite, RebuildProperties):
    ON = "SQLite"


@pytest.mark.mongodb
class TestMongo(OnMongo, RebuildProperties):
    ON = "MongoDB"
