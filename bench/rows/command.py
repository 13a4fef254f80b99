"""12. A command over HTTP through one gunicorn worker, durable, beside a constant answer through the same middleware."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench import district
from bench.crew import Crew
from bench.http import commands
from bench.measure import Series, Size, race, ratio
from bench.report import Report, milliseconds, share, short
from bench.serving import CONSTANT
from waymark.events.views import MAX_FOUND, System
from waymark.service.directory_folds import people
from waymark.standalone.platform import Platform
from waymark.tools.issuer import KeyFile, mint

COMMAND, LIMIT = "record a status update", "a constant answer, same middleware"
CLIENTS = 8
STUDENTS = 1_000  # so many that their plans stay short: an update's answer is the whole plan


def run(size: Size) -> Report:
    report = Report(
        number=12,
        work="HTTP command",
        durability="SQLite, WAL, synchronous=FULL: no answer before COMMIT. One worker of 12 threads; signed tokens are verified on both routes.",
    )
    with tempfile.TemporaryDirectory() as folder:
        paths, token = _set_up(Path(folder))
        with _serving(Path(folder)) as port:
            with (
                Crew(1, commands, port, token, paths, CLIENTS, None) as real,
                Crew(1, commands, port, token, [CONSTANT] * 8, CLIENTS, None) as constant,
            ):
                series = race({COMMAND: partial(real, size.lap * 3), LIMIT: partial(constant, size.lap * 3)}, size)
            half = series[COMMAND].rate / 2
            with Crew(1, commands, port, token, paths, CLIENTS, half) as offered:
                offered(size.lap)
                laps = [offered(size.lap * 6) for _ in range(size.repetitions)]
    series[f"{COMMAND}, {half:.0f} a second offered"] = at_half = Series(name=f"{COMMAND}, {half:.0f} a second offered", laps=laps)
    report.course(f"{CLIENTS} kept connections; processor seconds are the client's", "requests", series, LIMIT)
    reached = ratio(series[COMMAND], series[LIMIT])
    report.ask(
        "HTTP command",
        series[COMMAND],
        "60 % of a constant answer",
        reached >= 0.6,
        share(reached),
        limit=series[LIMIT],
        reason="its answer is the whole plan: marshmallow writes some 60 fields, a quarter of its time; then streams, decision and commit",
    )
    report.ask(
        f"HTTP command at half load ({short(half)} a second)",
        at_half,
        "p99 under 50 ms",
        at_half.wait(0.99) < 0.05,
        f"p50 {milliseconds(at_half.wait(0.5))}, p99 {milliseconds(at_half.wait(0.99))}",
        reason="client and server share two cores with whatever else runs",
    )
    return report


def _set_up(folder: Path) -> tuple[list[str], str]:
    """A district whose students are all on one template; the paths that update them, and an administrator's token."""
    package, here = folder / "district.zip", district.home(folder)
    made = [sys.executable, "-m", "waymark.tools.district", "--students", str(STUDENTS), "--schools", "1", str(package)]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, "-m", "waymark.roster", "import", str(package), "--district", district.DISTRICT, "--approve"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=here.environment(os.environ))
    for stage in (district.fold, district.tell, district.fold):
        stage(folder)
    platform = Platform(here)
    students: list[str] = []
    after: str | None = None
    while True:
        page = platform.ports["plans"].views.find(System(district.DISTRICT), people.view, {}, None, after, MAX_FOUND)
        students += [person.id for _, person in page.documents if person.school and person.grade]
        if (after := page.after) is None:
            break
    platform.close()
    token = mint("dadm-000001", district.DISTRICT, keys=KeyFile(here.issuer.keys).keys(), issuer=here.issuer.issuer)
    return [f"/plans/v1/plans/{district.TEMPLATE}.{each}/items/overall/updates" for each in students], token


@contextmanager
def _serving(folder: Path) -> Generator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "bench.serving", str(folder), str(port)], stdout=sys.stderr)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < deadline, "the server does not start"
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(30)
