"""A district to import into: real SQLite adapters in a folder, and what an import adds to the store."""

import io
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.unit.roster.packages import Files, package, tiny
from waymark.events.envelope import Event
from waymark.events.keys import Keyring
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.keys import SECURE, SqliteKeys
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.roster.domain.district import District
from waymark.roster.importing.run import Asked, run
from waymark.roster.importing.surroundings import Surroundings
from waymark.roster.package.findings import Finding
from waymark.roster.staging.ledger import Progress, all_findings

NAME = "river"


class Riverbend:
    """Import packages and see what happened. `last` are the events of the latest import, its own stream's left out."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.database = Database(folder / "events.db", "NORMAL")
        self.store = SqliteStore(self.database, "roster")
        self.keyring = Keyring(SqliteKeys(Database(folder / "keys.db", "NORMAL", SECURE), bytes(32)))
        self.now = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)
        self.around = Surroundings(
            store=self.store,
            views=SqliteViews(Database(folder / "views.db", "NORMAL"), "roster"),
            keyring=self.keyring,
            clock=lambda: self.now,
            folder=folder / "imports",
            described=District("Riverbend", "America/New_York", "en-US"),
            **settings,
        )
        self.last: list[Event] = []
        self.imports: list[str] = []

    def send(
        self, files: Files | bytes | None = None, version: str = "1.2", modes: Mapping[str, str] | None = None, **asked: Any
    ) -> Progress:
        content = files if isinstance(files, bytes) else package(tiny() if files is None else files, version, modes)
        before = self.store.head()
        try:
            ident, progress = run(self.around, io.BytesIO(content), Asked(district=NAME, **asked))
            self.imports.append(ident)
        finally:
            self.last = self.since(before)
        return progress

    def since(self, position: int) -> list[Event]:
        commits = self.store.scan(position, 100_000)
        return [each.event for commit in commits for each in commit.recorded() if "/import/" not in commit.stream]

    def counted(self) -> dict[str, int]:
        """The latest import's events by the middle of their names."""
        return dict(Counter(each.type.split(".")[1] for each in self.last))

    def findings(self) -> list[Finding]:
        """The latest import's."""
        return list(all_findings(self.around.folder / NAME / f"{self.imports[-1]}.ledger"))

    def said(self) -> set[tuple[str, int, str, str]]:
        return {(each.file, each.row, each.code, each.severity) for each in self.findings()}

    def person(self, source: str) -> str:
        return self.keyring.person_id(NAME, source)

    def of(self, kind: type[Event]) -> list[Any]:
        return [each for each in self.last if isinstance(each, kind)]
