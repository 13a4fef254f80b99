"""While a package is being imported, its scratch files hold nobody's words: a process that is killed then leaves only ciphertext."""

from __future__ import annotations

import io
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.faults.canary import CORES, Found, in_files
from tests.faults.journey import files
from tests.unit.roster.district import NAME, Riverbend
from tests.unit.roster.packages import Files, package, person, role
from waymark.roster.importing.identities import RunSeal
from waymark.roster.importing.run import Asked, run
from waymark.roster.importing.spool import Spool
from waymark.roster.staging import rows
from waymark.roster.staging.ledger import Progress


def crowd() -> Files:
    """The canary among 400 others."""
    made = files()
    made["users"] += [person(f"X{number}", f"Given {number}", f"Family {number}" * 5) for number in range(400)]
    made["roles"] += [role(f"x{number}", f"X{number}", "student", "north") for number in range(400)]
    return made


class SmallCache(sqlite3.Connection):
    """Writes to the file what a large package would drive out of memory."""

    def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
        return super().execute("PRAGMA cache_size=2" if sql.startswith("PRAGMA cache_size") else sql, *rest)


@pytest.fixture(autouse=True)
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_BATCH", 20)
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=SmallCache))


class Watched:
    """An import, and what its folder showed at every step that it told of."""

    def __init__(self, folder: Path) -> None:
        self.river = Riverbend(folder)
        self.imports = folder / "imports"
        self.found: list[Found] = []
        self.kinds: set[str] = set()
        self.steps: set[str] = set()

    def run(self) -> None:
        spool = Spool(self.imports, self.river.keyring)
        content = package(crowd())
        ident = spool.receive([content[:100], content[100:]], NAME, dry_run=False).id
        with spool.open(NAME, ident) as opened:
            _, progress = run(self.river.around, io.BytesIO(opened.read()), Asked(district=NAME), self._look)
        assert progress.status == "completed"

    def _look(self, progress: Progress) -> None:
        found, _ = in_files([self.imports])
        self.found += found
        self.kinds |= {each.suffix for each in self.imports.rglob("*") if each.is_file()}
        self.steps.add(progress.status)


def test_the_scratch_files_of_a_running_import_hold_no_words(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.run()
    assert {".staging", ".package", ".ledger"} <= watched.kinds
    assert {"reading", "checking", "applying"} <= watched.steps
    assert watched.found == []
    assert in_files([tmp_path])[0] == []


def test_broken_identities_that_are_staged_in_clear_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RunSeal, "seal", lambda self, identity: msgspec.msgpack.encode(identity))
    monkeypatch.setattr(RunSeal, "open", lambda self, box: msgspec.msgpack.decode(box, type=_identity()))
    watched = Watched(tmp_path)
    watched.run()
    assert {each.core for each in watched.found} == set(CORES)
    assert {Path(each.where).suffix for each in watched.found} <= {".staging", ".staging-wal", ".staging-journal"}


def _identity() -> type:
    from waymark.roster.importing.said import Identity

    return Identity
