"""The people of a campaign: a small district, imported once a folder, and the template that an episode is about."""

from __future__ import annotations

import subprocess
import time
from datetime import date, timedelta
from io import BytesIO
from typing import Any, Literal, cast

from tests.campaign.caller import Caller
from tests.campaign.history import Stage
from tests.campaign.installation import Installation, answers
from tests.e2e.house import BOOTSTRAP, Client, House, await_folded
from tests.e2e.people import People
from waymark.tools.district import DistrictPlan, generate

STUDENTS = 40
STARTING = 60.0  # seconds


class NotBack(Exception):
    """The platform did not answer in time."""


def package() -> bytes:
    content = BytesIO()
    generate(content, DistrictPlan(seed=3, schools=2, students=STUDENTS))
    return content.getvalue()


def house(installation: Installation) -> House:
    """The installation as the end-to-end suite knows it, for what that can do already."""
    process = cast("subprocess.Popen[bytes]", None)  # nobody there starts or stops it
    return House(installation.address, installation.folder, installation.district, process)


def people(installation: Installation) -> People:
    return People(house(installation), package())


def await_answers(installation: Installation, seconds: float = STARTING) -> None:
    """Raises NotBack."""
    deadline = time.monotonic() + seconds
    while not answers(installation.address):
        if time.monotonic() > deadline:
            raise NotBack(f"{installation.address} does not answer within {seconds:.0f} s")
        time.sleep(0.05)


def import_district(installation: Installation) -> None:
    """Into a running installation without one; returns when all services know everybody."""
    state = house(installation).client(BOOTSTRAP).import_package(package())
    assert state["status"] == "completed", state
    await_folded(people(installation).client("districtAdministrator"))


class Cast:
    """Who plays: administrators to write and read, students to be written about."""

    def __init__(self, installation: Installation) -> None:
        self._house, known = house(installation), people(installation)
        self.subs = known.with_role("districtAdministrator")
        self.admin: Client = self._house.client(self.subs[0])
        self._persons = {sub: self._house.client(sub).one("/roster/v1/me")["person"]["id"] for sub in self.subs}
        self.today = date.fromisoformat(self.admin.one("/roster/v1/me")["district"]["today"])
        self.students: list[str] = sorted(each["id"] for each in self.admin.read("/roster/v1/students", limit=200)["items"])

    @property
    def yesterday(self) -> str:
        return (self.today - timedelta(days=1)).isoformat()

    def caller(self, number: int) -> Caller:
        sub = self.subs[number % len(self.subs)]
        token = str(self._house.client(sub)._session.headers["Authorization"]).removeprefix("Bearer ")
        return Caller(self._house.address, token, self._persons[sub])


def stage(installation: Installation, cast_: Cast, seed: int, episode: int) -> Stage:
    """A new template, published and known to reporting."""
    admin, title = cast_.admin, f"c{seed}e{episode}"
    levels = [{"label": label, "short": label, "colour": "#225588"} for label in ("One", "Two", "Three")]
    judged = admin.do("POST", "/plans/v1/scales", {"title": f"levels {title}", "kind": "levels", "levels": levels})["id"]
    points = admin.do("POST", "/plans/v1/scales", {"title": f"points {title}", "kind": "points", "minimum": 0, "maximum": 5})["id"]
    kinds = {"levels": judged, "points": points, "text": None}
    items = [{"title": name, "guidance": "", "scale": scale} for name, scale in kinds.items()]
    sections = [{"title": "Only", "items": items}]
    content: dict[str, Any] = {"title": title, "description": "", "overall": judged, "customisable": True, "sections": sections}
    draft = admin.write("POST", "/plans/v1/templates", content)
    template = draft.json()["id"]
    found = admin.do("POST", f"/plans/v1/templates/{template}/publish", {}, etag=draft.headers["ETag"])["sections"][0]["items"]
    deadline = time.monotonic() + STARTING
    while admin.get(f"/reporting/v1/templates/{template}/bars").status_code != 200:
        if time.monotonic() > deadline:
            raise NotBack(f"reporting does not learn of {template}")
        time.sleep(0.05)
    of_item: dict[str, Literal["levels", "points", "text"]] = {each["id"]: each["title"] for each in found}
    return Stage(
        mode=installation.mode,
        seed=seed,
        episode=episode,
        district=installation.district,
        template=template,
        base=installation.head(),
        item_kinds={"overall": "levels", **of_item},
        drafts=f"{title}-",
    )
