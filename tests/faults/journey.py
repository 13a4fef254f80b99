"""The canary's way through the platform, over HTTP, as people of a district would take them; and every answer that is to be had."""

from __future__ import annotations

import time
from typing import Any, Final

from tests.e2e.house import BOOTSTRAP, Client, House, await_folded
from tests.faults.canary import ACCENTED, NOTES, SEARCHES, SOURCE, TEXT, USER, Found, within
from tests.unit.roster.packages import Files, package, role, seat, tiny

LEVELS: Final = [("Not started", "None", "#aa0000"), ("On track", "On", "#00aa00"), ("Met", "Met", "#0000aa")]
CALLERS: Final = ("A1", "T1", "G1")
"""Administrator, the canary's teacher, the canary's guardian."""


def files(**changed: str) -> Files:
    """The tiny district with the canary in it; one row about the canary names a class that is none."""
    made = tiny()
    made["users"].append(USER | {"agentSourcedIds": "G1"} | changed)
    made["roles"].append(role("r77", SOURCE, "student", "north"))
    made["enrollments"] += [seat("e77", "c1", "north", SOURCE), seat("e78", "no-such-class", "north", SOURCE)]
    made["demographics"].append({"sourcedId": SOURCE, "metadata.homeLanguage": "fi"})
    return made


class Journey:
    """Walked at once; afterwards `person` and `plan` are the canary's."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.imports = [self._import(house.client(BOOTSTRAP), files())]
        self.admin, self.teacher = house.client("A1"), house.client("T1")
        await_folded(self.admin)
        self.person = self.admin.read("/roster/v1/students", search=ACCENTED)["items"][0]["id"]
        self.scale, self.template = self._published()
        teacher = self.teacher
        answer = teacher.do("POST", f"/plans/v1/templates/{self.template}/students", {"sections": ["c1"]})
        self.plans = {each["student"]: each["plan"] for each in answer["results"]}
        self.plan = self.plans[self.person]
        for at, note in enumerate(NOTES):
            self.update(self.plan, "i2", at + 1, note)
        self.update(self.plan, "overall", 2, NOTES[1])
        self.update(self.plan, "i4", TEXT, None)
        teacher.do("PUT", f"/plans/v1/plans/{self.plan}/items/i3/hidden")
        teacher.do("DELETE", f"/plans/v1/plans/{self.plan}/items/i3/hidden")
        others = [plan for student, plan in self.plans.items() if student != self.person]
        self.other = others[0]
        self.update(self.other, "overall", 1, "Goes on.")
        self.house.client("A1").do("POST", f"/plans/v1/plans/{others[1]}/complete", {}, etag=self._etag(others[1]))
        await_folded(self.admin)

    def update(self, plan: str, item: str, value: Any, note: str | None) -> None:
        """The administrator's next reads hold it, and what the administrator's last one held."""
        self.teacher.do("POST", f"/plans/v1/plans/{plan}/items/{item}/updates", {"value": value, "note": note})
        before = self.admin.position
        self.admin.position = f"{before},{self.teacher.position}" if before else self.teacher.position

    def bars(self) -> Any:
        """Every count of the template, as an administrator sees it."""
        return {name: each for name, each in self.admin.read(f"/reporting/v1/templates/{self.template}/bars").items() if name != "behind"}

    def answers(self) -> dict[str, bytes]:
        """Every readable thing of every service, as each caller gets it: those addresses that the services' own documents name."""
        return {
            f"{caller} {path} {query}": client.get(path, **query).content
            for caller in CALLERS
            for client in (self.house.client(caller),)
            for path, queries in self._paths(client)
            for query in queries
        }

    def shown(self) -> list[Found]:
        """What the answers show of the canary."""
        return [each for where, content in self.answers().items() for each in within(content, where)]

    def erasure(self) -> Any:
        """The ledger's entry."""
        found = [each for each in self.admin.read("/roster/v1/erasures")["items"] if each["person"] == self.person]
        return found[0] if found else None

    def forget(self) -> None:
        self.admin.do("POST", f"/roster/v1/people/{self.person}/forget", {"reason": "requested-by-guardian"})

    def answered(self, seconds: float = 30.0) -> Any:
        """The ledger's entry once every service has answered."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            entry = self.erasure()
            if entry is not None and entry["complete"]:
                return entry
            time.sleep(0.1)
        raise AssertionError(f"not everybody has answered: {self.erasure()}")

    def again(self) -> dict[str, Any]:
        """The canary comes in a later package, by another e-mail address; how the import went."""
        state = self._import(self.admin, files(email="again." + USER["email"]))
        self.imports.append(state)
        await_folded(self.admin)
        return state

    def leaving(self) -> dict[str, Any]:
        """A package that is held, for half of the students would leave: it waits with the canary in it."""
        made = files()
        for name, column in (("users", "sourcedId"), ("roles", "userSourcedId"), ("enrollments", "userSourcedId")):
            made[name] = [row for row in made[name] if row[column] not in ("S2", "S3")]
        return self._import(self.admin, made)

    def _import(self, client: Client, made: Files) -> dict[str, Any]:
        return client.import_package(package(made))

    def _etag(self, plan: str) -> str:
        return self.admin.get(f"/plans/v1/plans/{plan}").headers["ETag"]

    def _published(self) -> tuple[str, str]:
        levels = [{"label": label, "short": short, "colour": colour} for label, short, colour in LEVELS]
        scale = self.admin.do("POST", "/plans/v1/scales", {"title": "Progress", "kind": "levels", "levels": levels})["id"]
        items = [{"title": "Reads aloud", "scale": scale}, {"title": "Retells", "scale": scale}, {"title": "In own words"}]
        body = {"title": "Reading", "overall": scale, "sections": [{"title": "Fluency", "items": items}]}
        draft = self.admin.write("POST", "/plans/v1/templates", body)
        published = self.admin.do("POST", f"/plans/v1/templates/{draft.json()['id']}/publish", {}, etag=draft.headers["ETag"])
        assert [item["id"] for section in published["sections"] for item in section["items"]] == ["i2", "i3", "i4"]
        return scale, published["id"]

    def _paths(self, client: Client) -> list[tuple[str, list[dict[str, str]]]]:
        found: list[tuple[str, list[dict[str, str]]]] = []
        for service in ("roster", "plans", "reporting"):
            for path, operations in client.one(f"/{service}/v1/openapi.json")["paths"].items():
                if "get" not in operations:
                    continue
                parameters = [*operations.get("parameters", ()), *operations["get"].get("parameters", ())]
                queries = {each["name"] for each in parameters if each["in"] == "query"}
                asked: list[dict[str, str]] = [{}]
                if "limit" in queries:
                    asked = [{"limit": "200"}]
                if "search" in queries:
                    asked += [{"search": each} for each in SEARCHES]
                if "segment" in queries:
                    asked = [{"segment": each, "limit": "200"} for each in ("not-yet", "1", "2", "3", "answered")]
                found += [(each, asked) for each in self._filled(path)]
        return found

    def _filled(self, path: str) -> list[str]:
        """The address with the canary, and whatever else it needs, in it."""
        ids = {
            "student": self.person,
            "plan": self.plan,
            "template": self.template,
            "scale": self.scale,
            "section": "c1",
        }
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", value)
        filled = [path]
        if "{item}" in path:
            filled = [path.replace("{item}", item) for item in ("overall", "i2", "i3", "i4")]
        if "{import_id}" in path:
            filled = [path.replace("{import_id}", each["id"]) for each in self.imports]
        assert not any("{" in each for each in filled), f"{path}: an address that this test cannot ask for"
        return filled
