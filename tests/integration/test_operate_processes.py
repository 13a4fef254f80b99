"""The operators' verbs in processes of their own, beside a worker in its own, over one folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from waymark.events.catalogue.plans import LevelScale, ScaleDefined
from waymark.events.catalogue.types import Author
from waymark.events.envelope import Meta
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore

pytestmark = pytest.mark.timeout(180)
PORT = "29871"  # the worker's admin port is 200 above


class House:
    def __init__(self, folder: Path) -> None:
        self._environment = {name: each for name, each in os.environ.items() if not name.startswith("WAYMARK_")}
        self._environment |= {"WAYMARK_DATA": str(folder), "WAYMARK_PORT": PORT, "WAYMARK_LOG_LEVEL": "error"}
        self.store = SqliteStore(Database(folder / "events.db", "FULL"), "plans")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        issuer = {"WAYMARK_OIDC_ISSUER": "https://sign-in.example", "WAYMARK_OIDC_JWKS_URL": "http://127.0.0.1:9/jwks"}
        environment = self._environment | (issuer if arguments == ("worker",) else {})
        return subprocess.Popen(
            [sys.executable, "-m", "waymark.plans", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def verb(self, *arguments: str) -> Any:
        with self.start(*arguments, "--json") as process:
            out, _ = process.communicate(timeout=60)
        assert process.returncode == 0, out
        return json.loads(out)

    def define(self, number: int) -> None:
        stream, by = f"d1/scale/{number}", Author("p1", "districtAdministrator")
        event = ScaleDefined(scale=str(number), definition=LevelScale(title=f"{number} {datetime.now(UTC)}", levels=()), by=by)
        self.store.append(stream, stream, [event], 0, str(number), Meta())

    def scales(self) -> dict[str, Any]:
        (found,) = (each for each in self.verb("status")["views"] if each["name"] == "scales")
        return found


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A worker's process that has folded two hundred facts."""
    house = House(tmp_path)
    for number in range(200):
        house.define(number)
    worker = house.start("worker")
    try:
        deadline = time.monotonic() + 30
        while (view := house.scales())["live"] is None or view["behind"]:
            assert time.monotonic() < deadline
        yield house
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=30)
        house.store.close()


def test_a_view_is_rebuilt_rolled_back_and_retired_while_facts_come(house: House) -> None:
    with house.start("rebuild", "scales", "--json") as rebuilding:
        number = 200
        while rebuilding.poll() is None:
            house.define(number)
            number += 1
            time.sleep(0.01)
        assert rebuilding.stdout is not None
        assert json.loads(rebuilding.stdout.read())["view"] == "scales@1.1"
    assert house.verb("rollback", "scales")["view"] == "scales@1"
    assert house.verb("retire", "scales") == {"dropped": ["scales@1.1"]}
    report = house.verb("check", "--view", "scales", "--sample", "9999")
    assert (report["findings"], report["reports"][0]["documents"]) == ([], number)


def test_a_rebuild_killed_at_any_moment_goes_on_when_it_is_run_again(house: House) -> None:
    for after in (0.6, 1.2):  # on a quiet machine: while it builds, while it hands over
        with house.start("rebuild", "scales", "--json") as killed:
            time.sleep(after)
            killed.kill()
        assert house.scales()["live"] in ("scales@1", "scales@1.1")
        house.define(1000 + int(after * 10))
    assert house.verb("rebuild", "scales")["compared"] >= 200
    assert house.verb("check", "--view", "scales")["findings"] == []
