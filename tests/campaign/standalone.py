"""The platform in one process over a folder of SQLite files."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path

from tests.campaign.history import Kept, Published
from tests.campaign.installation import digest_of, kept_commit
from tests.campaign.schedule import SERVER, WHOLE, Step, standalone_steps
from tests.e2e.house import BOOTSTRAP

ROOT = Path(__file__).parents[2]
COLUMNS = "position, stream, version, count, key, commit_id, body"


class Standalone:
    """`waymark.standalone run`: gunicorn's first process and the server that it starts, in a session of their own. `variant`: one of
    `tests.campaign.variants` instead."""

    mode = "standalone"

    def __init__(self, folder: Path, port: int, variant: str = "", district: str = "demo") -> None:
        self.folder, self.district, self._port = folder, district, port
        self._module = ["tests.campaign.variants", variant] if variant else ["waymark.standalone"]
        self.address = f"http://127.0.0.1:{port}"
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", *self._module, "run", "--data", str(self.folder), "--port", str(self._port), "--no-demo"]
        env = {**os.environ, "WAYMARK_BOOTSTRAP_ADMINS": BOOTSTRAP}
        with (self.folder / "log").open("ab") as log:
            self._running = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True, cwd=ROOT)

    def kill(self, parts: Iterable[str]) -> None:
        if WHOLE in parts:
            running = self._process()
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            self._running = None
        else:
            self.signal(parts, signal.SIGKILL)

    def begin(self, parts: Iterable[str]) -> None:
        if WHOLE in parts:  # gunicorn itself starts its server again
            self.start()

    def signal(self, parts: Iterable[str], number: signal.Signals) -> None:
        if SERVER in parts:
            for child in self._children():
                with suppress(ProcessLookupError):
                    os.kill(child, number)
        else:
            os.killpg(self._process().pid, number)

    def ended(self) -> list[str]:
        return [WHOLE] if self._running is not None and self._running.poll() is not None else []

    def stop(self) -> None:
        if self._running is not None:
            self._running.terminate()
            try:
                self._running.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self._running.pid, signal.SIGKILL)
                self._running.wait()
            self._running = None

    def steps(self, seed: int, episode: int, kills: int) -> list[Step]:
        return standalone_steps(seed, episode, kills)

    def kept(self, base: int) -> list[Kept]:
        with closing(self._events()) as events:
            rows = events.execute(f"SELECT {COLUMNS} FROM plans_commits WHERE position > ? ORDER BY position", (base,))
            return [kept_commit(*row) for row in rows]

    def head(self) -> int:
        with closing(self._events()) as events:
            return events.execute("SELECT coalesce(max(position), 0) FROM plans_commits").fetchone()[0]

    def digest(self, position: int) -> str:
        with closing(self._events()) as events:
            return digest_of(events.execute(f"SELECT {COLUMNS} FROM plans_commits WHERE position <= ? ORDER BY position", (position,)))

    def mark(self) -> Mapping[int, int]:
        return {}

    def published(self, mark: Mapping[int, int]) -> list[Published]:
        return []

    def sound(self) -> list[str]:
        wrong: list[str] = []
        for name in ("events.db", "views.db", "keys.db"):
            with closing(sqlite3.connect(f"file:{self.folder / name}?mode=ro", uri=True)) as database:
                said = [row[0] for row in database.execute("PRAGMA quick_check")]
            wrong += [f"{name}: {each}" for each in said if each != "ok"]
        return wrong

    def keep(self, target: Path) -> None:
        shutil.copytree(self.folder, target, dirs_exist_ok=True)

    def _events(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.folder / 'events.db'}?mode=ro", uri=True, timeout=20)

    def _process(self) -> subprocess.Popen[bytes]:
        assert self._running is not None, "it was not started"
        return self._running

    def _children(self) -> list[int]:
        pid = self._process().pid
        with suppress(OSError):
            return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return []
