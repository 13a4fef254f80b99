"""A district with this service running in it, and the few calls that most tests begin with."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from waymark.plans.app import create_app, create_workers
from waymark.plans.settings import Settings
from waymark.service.testing import Client, a_district

LEVELS: dict[str, Any] = {
    "title": "Progress",
    "kind": "levels",
    "levels": [
        {"label": "Not started", "short": "None", "colour": "#aa0000"},
        {"label": "On track", "short": "On", "colour": "#00aa00"},
        {"label": "Met", "short": "Met", "colour": "#0000aa"},
    ],
}
POINTS: dict[str, Any] = {"title": "Points", "kind": "points", "minimum": 0, "maximum": 20}


class House:
    """Two schools, an administrator, and what tests ask of the API."""

    def __init__(self, folder: Path) -> None:
        self.district = a_district(folder)
        ports = self.district.ports("plans")
        self.ports, self.app = ports, create_app(ports, self.district.settings(Settings))
        self.workers = create_workers(ports, self.district.folder.feeds)
        self.district.run(*self.workers)
        self.admin = self.district.administrator(given="Ada", family="Admin")
        self._count = 0

    def client(self, person: str | None = None) -> Client:
        return self.district.client(self.app, person or self.admin)

    def scale(self, body: dict[str, Any] = LEVELS) -> str:
        answer = self.client().post("/plans/v1/scales", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json["id"]

    def draft(self, **changed: Any) -> dict[str, Any]:
        """A draft that judges a level, points and a text, by name of item; `etag` beside it."""
        answer = self.client().post("/plans/v1/templates", json=self.body(**changed))
        assert answer.status_code == 201, answer.text
        return answer.json | {"etag": answer.headers["ETag"]}

    def body(self, **changed: Any) -> dict[str, Any]:
        levels, points = self.scale(), self.scale(POINTS)
        items = [
            {"title": "Reads aloud", "scale": levels, "guidance": "Listen for a minute."},
            {"title": "Words a minute", "scale": points},
            {"title": "In own words"},
        ]
        return {"title": "Reading", "overall": levels, "sections": [{"title": "Fluency", "items": items}]} | changed

    def template(self, **changed: Any) -> str:
        """A published template's id. Its items are i2 (levels 1-3), i3 (0 to 20 points) and i4 (text)."""
        draft = self.draft(**changed)
        answer = self.client().post(f"/plans/v1/templates/{draft['id']}/publish", headers={"If-Match": draft["etag"]})
        assert answer.status_code == 200, answer.text
        return draft["id"]

    def assign(self, template: str, *students: str, by: str | None = None) -> list[str]:
        """The plans' ids."""
        answer = self.client(by).post(f"/plans/v1/templates/{template}/students", json={"students": students})
        assert answer.status_code == 200, answer.text
        return [each["plan"] for each in answer.json["results"]]

    def update(self, plan: str, item: str, value: Any, by: str | None = None, **more: Any) -> dict[str, Any]:
        answer = self.client(by).post(f"/plans/v1/plans/{plan}/items/{item}/updates", json={"value": value, **more})
        assert answer.status_code == 201, answer.text
        return answer.json

    def close(self, plan: str, how: str = "complete", by: str | None = None) -> dict[str, Any]:
        """Complete, remove or reactivate."""
        etag = self.client(by).get(f"/plans/v1/plans/{plan}").headers["ETag"]
        answer = self.client(by).post(f"/plans/v1/plans/{plan}/{how}", headers={"If-Match": etag})
        assert answer.status_code == 200, answer.text
        return answer.json

    def plan(self, plan: str, by: str | None = None) -> dict[str, Any]:
        answer = self.client(by).get(f"/plans/v1/plans/{plan}")
        assert answer.status_code == 200, answer.text
        return answer.json

    def list(self, template: str, by: str | None = None, **query: Any) -> dict[str, Any]:
        answer = self.client(by).get(f"/plans/v1/templates/{template}/students", query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[House]:
    """One for a test alone."""
    house = House(tmp_path)
    yield house
    house.district.close()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for all tests of a module whose facts do not meet: each makes templates and students of its own."""
    house = House(tmp_path_factory.mktemp("house"))
    yield house
    house.district.close()


@pytest.fixture
def house(lasting: House) -> House:
    """What a test asks for unless it must be alone."""
    return lasting
