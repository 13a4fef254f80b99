"""The disk is full: appending is refused plainly, nothing acknowledged is lost, and all goes on by itself once there is room."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import lacking
from tests.faults.lengths import LONG
from tests.faults.seen import metric
from tests.faults.writers import Writers
from tests.integration.tales import tales, told, truth
from tests.integration.threads import eventually, running
from waymark.events.feed import StoreFeed
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.events.worker import Worker
from waymark.service.health import Health

SIZE = 12_000_000  # bytes


@pytest.fixture
def disk() -> Iterator[Path]:
    """A file system of its own, small enough to be filled. It is not within pytest's folder, which is deleted by name."""
    place = Path(tempfile.mkdtemp(prefix="waymark-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        place.rmdir()
        lacking(f"no small disk ({mounted.stderr.strip()})", "run this as root, where file systems may be mounted")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)
    place.rmdir()


def fill(disk: Path, leaving: int) -> Path:
    """A file that takes all the room but at most `leaving` bytes."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        while shutil.disk_usage(disk).free:
            with contextlib.suppress(OSError):  # it is full, or somebody else took the last of it
                file.write(b"x" * 65_536)
        file.truncate(file.tell() - leaving)
    return ballast


@pytest.mark.timeout(120)
@pytest.mark.parametrize("leaving", [150_000, 0] if LONG else [150_000])
def test_a_full_disk_refuses_and_goes_on_when_there_is_room(disk: Path, leaving: int) -> None:
    events, documents = Database(disk / "events.db", "FULL"), Database(disk / "views.db", "NORMAL")
    store, views = SqliteStore(events, "full"), SqliteViews(documents, "plans")
    projection, writers = tales("full"), Writers(store, pause=0)
    worker = Worker(StoreFeed(store), [projection], views)
    health = Health({"store": store.head, "folding": lambda: _raise(worker.waits)})
    health.start()
    with running(worker.run):
        with running(*writers.loops()):
            assert eventually(lambda: len(writers.acknowledged) > 100 and bool(told(views, projection.view)) and health.ready)
            ballast = fill(disk, leaving)
            assert eventually(lambda: len(writers.refused) > 3), "it is refused"
            full = len(writers.acknowledged)
            assert eventually(lambda: metric("feed_unavailable", source="full") == 1 and "full" in worker.waits)
            assert eventually(lambda: not health.ready, seconds=15)
            assert store.head() >= full, "reading goes on"
            ballast.unlink()
            room = time.monotonic()
            assert eventually(lambda: len(writers.acknowledged) > full + 50)
            print(f"{len(writers.refused)} refusals, the longest took {max(writers.refused):.1f} s; ", end="")
            print(f"writing again {time.monotonic() - room:.1f} s after there was room")
        assert eventually(lambda: told(views, projection.view) == truth(store))
        print(f"caught up {time.monotonic() - room:.1f} s after there was room, {store.head()} commits")
        assert eventually(lambda: health.ready and worker.waits == "")
    writers.check()
    assert not views.parked_streams(projection.view), "an outage parks nothing"
    health.stop()
    store.close()
    events.close()
    documents.close()
    again = Database(disk / "events.db", "FULL")
    assert again.read().execute("PRAGMA integrity_check").fetchone() == ("ok",)
    again.close()


def _raise(reason: str) -> None:
    assert not reason, reason
