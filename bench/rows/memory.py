"""14. A standalone platform's memory and start; and what importing the engine costs."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import requests

from bench.house import kill, prepare, resident, soon, start
from bench.measure import Lap, Series, Size, race
from bench.report import Report, Verdict
from tests.e2e.people import People

MODULES = {
    "waymark.events.sqlite.store": "ours: the engine over SQLite",
    "eventsourcing.sqlite": "eventsourcing over SQLite",
    "sqlite3": "the limit: Python and sqlite3",
}


def run(size: Size) -> Report:
    report = Report(number=14, work="Memory and start", durability="`python -m waymark.standalone run` over a small district.")
    series = race({name: _importing(module) for module, name in MODULES.items()}, size)
    report.course("starting Python and importing", "imports", series)
    ours, anchor = series["ours: the engine over SQLite"], series["eventsourcing over SQLite"]
    told = f"{1000 / ours.rate:.0f} ms; eventsourcing {1000 / anchor.rate:.0f} ms"
    report.ask("import the engine", ours, "stated", None, told, anchor=anchor)
    needed = {name: len([each for each in requires(name) or () if "extra ==" not in each]) for name in ("waymark-events", "eventsourcing")}
    report.notes.append(f"Direct dependencies: {', '.join(f'{name} {many}' for name, many in needed.items())}.")
    starts, idle, loaded = _standalone(size)
    report.course("from starting the process to the first answer of each service", "starts", {"start": starts})
    slowest = 1 / starts.spread[0]
    report.verdicts.append(
        Verdict(
            what="start after set-up",
            ours=f"{1 / starts.rate:.2f} s",
            target="under 5 s",
            reached=f"median {1 / starts.rate:.2f} s, slowest {slowest:.2f} s",
            met=slowest < 5,
            reason="two cores, shared",
        )
    )
    for what, megabytes in (("idle", idle), ("under load", loaded)):
        report.verdicts.append(
            Verdict(
                what=f"memory, {what}",
                ours=f"{max(megabytes)} MB",
                target="under 250 MB resident",
                reached=f"{min(megabytes)} to {max(megabytes)} MB",
                met=max(megabytes) < 250,
                reason="three services, numpy and their kept documents in one process",
            )
        )
    return report


def _importing(module: str) -> Callable[[], Lap]:
    def turn() -> Lap:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
        seconds = time.perf_counter() - began
        return Lap(units=1, seconds=seconds, cpu=seconds)

    return turn


def _standalone(size: Size) -> tuple[Series, list[int], list[int]]:
    laps: list[Lap] = []
    idle, loaded = list[int](), list[int]()
    with tempfile.TemporaryDirectory() as folder:
        house, package, plan = prepare(Path(folder))
        for number in range(size.repetitions):
            began = time.perf_counter()
            process = start(house)
            try:
                for _ in soon():
                    if _answers(house.address):
                        break
                laps.append(Lap(units=1, seconds=time.perf_counter() - began, cpu=0))
                time.sleep(0.5)
                idle.append(resident(process.pid))
                if number == size.repetitions - 1:
                    loaded = _under_load(process.pid, house, package, plan, size.lap * 16)
            finally:
                kill(process)
    return Series(name="standalone", laps=laps), idle, loaded


def _answers(address: str) -> bool:
    try:
        return all(requests.get(f"{address}/{each}/v1/openapi.json", timeout=2).ok for each in ("roster", "plans", "reporting"))
    except requests.RequestException:
        return False


def _under_load(group: int, house: Any, package: bytes, plan: str, seconds: float) -> list[int]:
    people, stop = People(house, package), threading.Event()
    template = plan.partition(".")[0]

    def work(number: int) -> None:
        client = people.client("districtAdministrator")
        while not stop.is_set():
            number += 1
            client.write("POST", f"/plans/v1/plans/{plan}/items/overall/updates", {"value": 1 + number % 2})
            client.get(f"/reporting/v1/templates/{template}/bars")
            client.get("/roster/v1/students", limit=50)

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(8)]
    for each in threads:
        each.start()
    measured: list[int] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.5)
        measured.append(resident(group))
    stop.set()
    for each in threads:
        each.join(30)
    return measured
