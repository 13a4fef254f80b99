"""What tests start from, made over the API."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from tests.browser.screen import people
from tests.e2e.house import Client, House

LEVELS = (("Needs support", "Needs", "#b3261e"), ("On the way", "On way", "#e8a33d"), ("There", "There", "#1e7d4f"))


class Workshop:
    """Templates of their own for tests that change something, and the teacher's students."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.admin = house.client(people(house, "districtAdministrator")[0].sub)
        self._number = count(1)
        self._scales: dict[str, str] = {}

    def teacher(self, person: int = 0) -> Client:
        return self.house.client(people(self.house, "teacher")[person].sub)

    def today(self) -> date:
        """The district's day."""
        return date.fromisoformat(self.admin.one("/roster/v1/me")["district"]["today"])

    def scale(self, kind: str) -> str:
        """The id of a scale: `levels` or `points`."""
        if kind not in self._scales:
            body: dict[str, Any] = (
                {
                    "title": "Steps",
                    "kind": "levels",
                    "levels": [{"label": label, "short": short, "colour": colour} for label, short, colour in LEVELS],
                }
                if kind == "levels"
                else {"title": "Out of ten", "kind": "points", "minimum": 0, "maximum": 10}
            )
            self._scales[kind] = self.admin.do("POST", "/plans/v1/scales", body)["id"]
        return self._scales[kind]

    def draft(self, title: str, overall: str = "levels", customisable: bool = True) -> dict[str, Any]:
        """A draft with an item of each kind; its title gets a number, so that no two are alike. `overall`: a kind or a scale's id."""
        return self.admin.do(
            "POST",
            "/plans/v1/templates",
            {
                "title": f"{title} {next(self._number)}",
                "description": "<p>Three times a <strong>week</strong>.</p>",
                "overall": self.scale(overall) if overall in ("levels", "points") else overall,
                "customisable": customisable,
                "sections": [
                    {
                        "title": "Reading",
                        "items": [
                            {"title": "Retells", "guidance": "In the student's own words.", "scale": self.scale("levels")},
                            {"title": "Fluency", "guidance": "One minute.", "scale": self.scale("points")},
                            {"title": "What helps", "guidance": "", "scale": None},
                        ],
                    }
                ],
            },
        )

    def template(self, title: str, overall: str = "levels", customisable: bool = True) -> dict[str, Any]:
        """The same, published."""
        draft = self.draft(title, overall, customisable)
        etag = self.admin.get(f"/plans/v1/templates/{draft['id']}").headers["ETag"]
        return self.admin.do("POST", f"/plans/v1/templates/{draft['id']}/publish", etag=etag)

    def section(self, client: Client) -> dict[str, Any]:
        """A class of the person's, with its students."""
        sections = client.read("/roster/v1/sections")["items"]
        return max(sections, key=lambda each: each["students"])

    def students(self, client: Client) -> list[dict[str, Any]]:
        return client.read(f"/roster/v1/sections/{self.section(client)['id']}/students")["items"]

    def assign(self, template: dict[str, Any], client: Client, students: list[dict[str, Any]]) -> None:
        client.do("POST", f"/plans/v1/templates/{template['id']}/students", {"students": [each["id"] for each in students]})

    def update(self, template: dict[str, Any], student: dict[str, Any], item: str, value: object, effective: str | None = None) -> None:
        """Records an update as the administrator; `item` is its title, or `overall`."""
        ids = {each["title"]: each["id"] for section in template["sections"] for each in section["items"]} | {"overall": "overall"}
        body = {"value": value} | ({"effective": effective} if effective else {})
        self.admin.do("POST", f"/plans/v1/plans/{template['id']}.{student['id']}/items/{ids[item]}/updates", body)
