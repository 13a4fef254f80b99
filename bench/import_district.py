"""Import a generated district: wall time, rows a second and peak memory; then the same package again, then one with one change.

    python -m bench.import_district                      the reference district: 95,000 students
    python -m bench.import_district --students 5000 --schools 10

Each import runs in a process and a thread of its own: it takes one core at most, and its peak memory is its own.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from waymark.events.keys import Keyring
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.keys import SECURE, SqliteKeys
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.roster.domain.district import District
from waymark.roster.importing.run import Asked, run
from waymark.roster.importing.surroundings import Surroundings

DISTRICT = "bench"


def surroundings(folder: Path) -> Surroundings:
    return Surroundings(
        store=SqliteStore(Database(folder / "events.db", "FULL"), "roster"),
        views=SqliteViews(Database(folder / "views.db", "NORMAL"), "roster"),
        keyring=Keyring(SqliteKeys(Database(folder / "keys.db", "FULL", SECURE), bytes(32))),
        clock=lambda: datetime.now(UTC),
        folder=folder / "imports",
        described=District("Bench", "America/New_York", "en-US"),
    )


def import_one(folder: Path, package: Path) -> None:
    around = surroundings(folder)
    began = time.perf_counter()
    around.catch_up()
    caught_up = time.perf_counter() - began
    phases: dict[str, float] = {}
    last = [began + caught_up, "reading"]

    def watch(progress: object) -> None:
        now, status = time.perf_counter(), getattr(progress, "status", "")
        phases[str(last[1])] = phases.get(str(last[1]), 0.0) + now - float(last[0])
        last[:] = [now, status]

    with package.open("rb") as stream:
        _, progress = run(around, stream, Asked(district=DISTRICT), watch)
    wall = time.perf_counter() - began - caught_up
    rows, events = sum(progress.rows.values()), sum(progress.recorded.values())
    busy = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{package.name:24} {progress.status}: {wall:6.1f} s, process {busy:.1f} s ({', '.join(f'{each} {phases[each]:.1f} s' for each in phases if phases[each] > 0.05)})"
        f" after {caught_up:.1f} s of catching up, {rows:,} rows, {rows / wall:,.0f} rows a second, {events:,} events,"
        f" peak {peak:,.0f} MB, refused {progress.refused}, repaired {progress.repaired}"
    )


def generate(path: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "waymark.tools.district", *arguments, "--today", "2026-11-02", str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, help="default: the reference district")
    parser.add_argument("--schools", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where to work; default a temporary folder, removed afterwards")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        import_one(asked.folder, asked.one)
        return
    size = ["--students", str(asked.students), "--schools", str(asked.schools)] if asked.students else ["--reference"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        whole, changed = folder / "district.zip", folder / "one-enrolment.zip"
        generate(whole, size)
        generate(changed, [*size, "--variant", "one-enrolment"])
        for package in (whole, whole, changed):
            subprocess.run([sys.executable, "-m", "bench.import_district", "--folder", str(folder), "--one", str(package)], check=True)


if __name__ == "__main__":
    main()
