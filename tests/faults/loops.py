"""Relays and workers as processes of their own, which a test may stop, wake and kill."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tests.faults.places import Place
from tests.integration.tales import Tale, fold, tales
from waymark.events.envelope import Recorded
from waymark.events.worker import Worker

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.faults.work"])


def relay(place: Place, name: str, stop: threading.Event) -> None:
    opened = place.open()
    opened.relay(name).run(stop)
    opened.close()


def worker(place: Place, name: str, stop: threading.Event) -> None:
    """Folds the topic. At the event of the org `hold-<name>` it stands still, in the middle of a batch, until `go-on` is there."""
    opened = place.open()

    def held(key: str, tale: Tale | None, recorded: Recorded) -> Tale:
        if getattr(recorded.event, "org", "").startswith(f"hold-{name}"):
            (place.folder / f"holds-{name}").touch()
            while not (place.folder / "go-on").exists():
                time.sleep(0.02)
        return fold(key, tale, recorded)

    projection = replace(tales(opened.store.service), evolve=held)
    Worker(opened.topic_feed(f"{place.topic}-readers"), [projection], opened.views).run(stop)
    opened.close()


def _until_told(loop: Callable[[Place, str, Any], None], place: Place, name: str) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    loop(place, name, stop)


@contextmanager
def process(loop: Callable[[Place, str, Any], None], place: Place, name: str) -> Iterator[BaseProcess]:
    """The loop in a process that ends with the block, in order if it can."""
    running = _context.Process(target=_until_told, args=(loop, place, name))
    running.start()
    try:
        yield running
    finally:
        send(running, signal.SIGCONT)
        running.terminate()
        running.join(30)
        running.kill()
        running.join()


def send(to: BaseProcess, number: int) -> None:
    assert to.pid is not None
    if to.is_alive():
        os.kill(to.pid, number)


def holds(place: Place, name: str) -> bool:
    return (place.folder / f"holds-{name}").exists()


def go_on(folder: Path) -> None:
    (folder / "go-on").touch()
