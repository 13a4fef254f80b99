"""Processes that are stopped for longer than anybody waits, and wake when another has taken over: they change nothing."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.lengths import lasting
from tests.faults.loops import go_on, holds, process, relay, send, worker
from tests.faults.places import MakePlace, Opened
from tests.faults.writers import COUNT, Writers
from tests.integration.tales import tales, told, truth
from tests.integration.threads import eventually, running
from waymark.events.catalogue.roster import RoleGranted
from waymark.events.contract.feed import drain, facts, records
from waymark.events.decide import decide
from waymark.events.envelope import Meta

pytestmark = [pytest.mark.mongodb, pytest.mark.kafka]
STOPPED = lasting(13.0, at_length=60.0)  # seconds; a session ends after 10, a transaction too, a lease after 4


def write(opened: Opened, numbers: range, word: str = "") -> None:
    for number in numbers:
        stream, event = f"d/person/p{number % 7}", RoleGranted(person=f"p{number % 7}", role="teacher", org=f"{word}{number}")
        decide(opened.store, stream, COUNT, lambda _: [event], f"{word}{number}", Meta())  # noqa: B023  decided at once


def caught_up(opened: Opened) -> bool:
    return told(opened.views, tales("roster").view) == truth(opened.store)


@pytest.mark.timeout(180 + 2 * STOPPED)
def test_a_worker_that_slept_in_the_middle_of_a_batch_wakes_when_another_has_folded_it(tmp_path: Path, on_the_engines: MakePlace) -> None:
    place = on_the_engines(tmp_path, True)
    opened = place.open()
    opened.views.prepare(tales("roster").view)
    with process(relay, place, "relay"), process(worker, place, "first") as first, ExitStack() as later:
        write(opened, range(50))
        assert eventually(lambda: caught_up(opened))
        write(opened, range(50, 57), "hold-first-")
        write(opened, range(57, 90))
        assert eventually(lambda: holds(place, "first"))
        send(first, signal.SIGSTOP)
        later.enter_context(process(worker, place, "second"))
        stopped = time.monotonic()
        assert eventually(lambda: caught_up(opened), seconds=60), "the other takes over"
        print(f"taken over {time.monotonic() - stopped:.1f} s after the first was stopped")
        time.sleep(max(0.0, stopped + STOPPED - time.monotonic()))
        write(opened, range(90, 120))
        go_on(tmp_path)
        send(first, signal.SIGCONT)
        write(opened, range(120, 200))
        assert eventually(lambda: caught_up(opened), seconds=60)
        time.sleep(2)  # what the late one still has in hand
        assert caught_up(opened)
        assert first.is_alive(), "it joins again by itself"
    assert not opened.views.parked_streams(tales("roster").view)
    opened.close()


@pytest.mark.timeout(180 + 2 * STOPPED)
def test_a_relay_that_slept_is_fenced_when_it_wakes(tmp_path: Path, on_the_engines: MakePlace) -> None:
    place = on_the_engines(tmp_path, True)
    opened = place.open()
    writers = Writers(opened.store, pause=0.05)
    with process(relay, place, "first") as first, process(relay, place, "second") as second:
        with running(*writers.loops()):
            for sleeper in (first, second):
                before = opened.store.head()
                assert eventually(lambda: published(opened) > before)  # noqa: B023
                send(sleeper, signal.SIGSTOP)
                stopped, before = time.monotonic(), opened.store.head()
                assert eventually(lambda: published(opened) > before, seconds=40)  # noqa: B023
                print(f"published again {time.monotonic() - stopped:.1f} s after one of two relays was stopped")
                time.sleep(max(0.0, stopped + STOPPED - time.monotonic()))
                send(sleeper, signal.SIGCONT)
        assert eventually(lambda: published(opened) == opened.store.head())
        assert first.is_alive()
        assert second.is_alive()
    writers.check()
    feed = opened.topic_feed(f"{place.topic}-checker")
    feed.start(dict)
    read = records(drain(feed))
    feed.close()
    stored = facts(opened.store)
    assert sorted({each.sequence for each in read}) == [each.sequence for each in stored]
    for part in range(12):
        own = list(dict.fromkeys(each.sequence for each in read if each.partition == part))
        assert own == sorted(own)
    print(f"{len(read) - len(stored)} of {len(stored)} events were sent twice")
    opened.close()


def published(opened: Opened) -> int:
    found = opened.documents["roster_relay"].find_one({"_id": "position"})
    return found["position"] if found else 0
