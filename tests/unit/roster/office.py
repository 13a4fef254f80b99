"""The roster's API as people meet it: an app over a district in a folder, callers signed in by their sourcedId."""

from pathlib import Path
from typing import Any

from tests.unit.roster.packages import package
from waymark.roster.api.wired import EXTENSION, Wired
from waymark.roster.app import create_app, create_workers
from waymark.roster.settings import Settings
from waymark.service.testing import a_district

FIRST = "the-first-administrator"


class Office:
    """`admin` is the roster's administrator, `first` somebody named in WAYMARK_BOOTSTRAP_ADMINS."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.district = a_district(folder, "river", "America/New_York")
        ports = self.district.ports("roster")
        chosen = {"time_zone": "America/New_York", "bootstrap_admins": frozenset({FIRST}), "imports": folder / "imports"} | settings
        self.app = create_app(ports, self.district.settings(Settings, **chosen))
        self.district.run(*create_workers(ports, self.district.folder.feeds))
        self.wired: Wired = self.app.extensions[EXTENSION]

    def client(self, source: str) -> Any:
        """Somebody whose token names this sourcedId."""
        return self.district.client(self.app, source)

    @property
    def first(self) -> Any:
        return self.client(FIRST)

    @property
    def admin(self) -> Any:
        return self.client("A1")

    def person(self, source: str) -> str:
        return self.district.keyring.person_id("river", source)

    def send(self, content: bytes | None = None, who: str = FIRST, **query: str) -> dict[str, Any]:
        """Upload a package and follow it to its end."""
        sent = self.client(who).post("/roster/v1/imports", data=content or package(), content_type="application/zip", query_string=query)
        assert sent.status_code == 202, sent.text
        self.settle()
        return self.client(who).get(f"/roster/v1/imports/{sent.json['id']}").json

    def settle(self) -> None:
        assert self.wired.runner.settle(30)
        self.district.catch_up()

    def close(self) -> None:
        self.wired.runner.settle(10)
        self.district.close()
