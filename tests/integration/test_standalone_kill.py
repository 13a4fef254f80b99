"""`kill -9` of the standalone at any moment: what was acknowledged is there after the next start, and it starts quickly."""

from __future__ import annotations

import os
import signal
import threading
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.e2e.conftest import free_port
from tests.e2e.house import BOOTSTRAP, Client, await_folded, standalone
from tests.e2e.people import People
from waymark.tools.district import DistrictPlan, generate


@pytest.mark.timeout(180)
def test_nothing_acknowledged_is_lost_when_it_is_killed_under_load(tmp_path: Path) -> None:
    port, package = free_port(), BytesIO()
    generate(package, DistrictPlan(seed=3, schools=1, students=40))
    acknowledged: list[str] = []
    with standalone(tmp_path, port) as house:
        assert house.client(BOOTSTRAP).import_package(package.getvalue())["status"] == "completed"
        people = People(house, package.getvalue())
        admin = people.client("districtAdministrator")
        await_folded(admin)
        plan = a_plan(admin)
        writers = [threading.Thread(target=write_on, args=(people.client("districtAdministrator"), plan, acknowledged)) for _ in range(4)]
        for each in writers:
            each.start()
        while len(acknowledged) < 40:
            time.sleep(0.01)
        os.killpg(house.process.pid, signal.SIGKILL)
        for each in writers:
            each.join()
    begun = time.monotonic()
    with standalone(tmp_path, port) as house:
        started = time.monotonic() - begun
        admin = People(house, package.getvalue()).client("districtAdministrator")
        notes = [each["note"] for each in admin.one(f"/plans/v1/plans/{plan}")["items"]["overall"]["updates"]]
        await_folded(admin)
        bar = admin.read(f"/reporting/v1/templates/{plan.partition('.')[0]}/bars")["overall"]
    assert set(acknowledged) <= set(notes)
    assert len(notes) == len(set(notes))
    assert bar["n"] == sum(each["count"] for each in bar["segments"]) == 1
    assert started < 30


def a_plan(admin: Client) -> str:
    """A student's plan on a template with nothing but an overall status and one item."""
    levels = [{"label": label, "short": label, "colour": "#225588"} for label in ("One", "Two")]
    scale = admin.do("POST", "/plans/v1/scales", {"title": "Two", "kind": "levels", "levels": levels})["id"]
    sections = [{"title": "Only", "items": [{"title": "Item", "guidance": "", "scale": scale}]}]
    content: dict[str, Any] = {"title": "Killed", "description": "", "overall": scale, "customisable": True, "sections": sections}
    draft = admin.write("POST", "/plans/v1/templates", content)
    template = draft.json()["id"]
    admin.do("POST", f"/plans/v1/templates/{template}/publish", {}, etag=draft.headers["ETag"])
    student = admin.read("/roster/v1/students", limit=1)["items"][0]["id"]
    result = admin.do("POST", f"/plans/v1/templates/{template}/students", {"students": [student]})["results"][0]
    assert result["outcome"] == "assigned", result
    return result["plan"]


def write_on(client: Client, plan: str, acknowledged: list[str]) -> None:
    """Update until the platform is gone; remember what it acknowledged."""
    number = 0
    while True:
        number += 1
        note = f"{threading.get_ident()}-{number}"
        try:
            answer = client.write("POST", f"/plans/v1/plans/{plan}/items/overall/updates", {"value": 1 + number % 2, "note": note})
        except requests.RequestException:
            return
        if answer.status_code == 201:
            acknowledged.append(note)
