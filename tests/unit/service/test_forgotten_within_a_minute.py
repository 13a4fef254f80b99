"""Another process forgets a person, and this one never hears of it: what it holds in memory shows nothing of them after a minute.

(It does hear of it, and sooner. But a stalled topic must not keep a name alive.)
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.authz.programme import ITEM, SHARED_TEMPLATE, Programme
from waymark.events.catalogue.types import Place
from waymark.events.keys import CACHE_SECONDS, KEY_SECONDS, Keyring
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.keys import SECURE, SqliteKeys
from waymark.plans.__main__ import SERVICE as PLANS
from waymark.reporting.__main__ import SERVICE as REPORTING
from waymark.roster.__main__ import SERVICE as ROSTER
from waymark.service.main import Service
from waymark.service.testing import TestDistrict, a_district

MASTER = b"\7" * 32  # a test district's
SERVICES: tuple[Service[Any], ...] = (ROSTER, PLANS, REPORTING)
NAME, NOTE = "Vexqulorp", "note about"


class House:
    """The three services' APIs over one district, each with its own memory; `later` moves the clock that their memories go by."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.district = folder, a_district(folder)
        self._offset, real = 0.0, time.monotonic
        monkeypatch.setattr(time, "monotonic", lambda: real() + self._offset)
        self.apps: dict[str, Any] = {}
        for each in SERVICES:
            ports = self.district.ports(each.name)
            self.district.run(*each.create_workers(ports, self.district.folder.feeds))
            self.apps[each.name] = each.create_app(ports, self.district.settings(each.settings, folder=folder))
        self.admin = self.district.administrator(family="Park")
        self.student = self.district.student(family=NAME)
        self.programme = Programme(self.district, self.admin, "districtAdministrator", "Here")
        self.programme.assign(self.student, Place("s1", "05"))
        self.district.catch_up()

    def later(self, seconds: float) -> None:
        self._offset += seconds

    def forget_elsewhere(self) -> None:
        database = Database(self.folder / "keys.db", "NORMAL", SECURE)
        SqliteKeys(database, MASTER).forget(self.student)
        database.close()

    def showing(self) -> set[str]:
        """Where name or note are shown."""
        plan = f"{SHARED_TEMPLATE}.{self.student}"
        asked = {
            "roster list": "/roster/v1/students",
            "roster search": f"/roster/v1/students?search={NAME.lower()}",
            "roster student": f"/roster/v1/students/{self.student}",
            "plans list": f"/plans/v1/templates/{SHARED_TEMPLATE}/students",
            "plans plan": f"/plans/v1/plans/{plan}",
            "reporting segment": f"/reporting/v1/templates/{SHARED_TEMPLATE}/items/{ITEM}/students?segment=1",
            "reporting file": f"/reporting/v1/templates/{SHARED_TEMPLATE}/students.csv",
        }
        found: set[str] = set()
        for name, path in asked.items():
            answer = self.district.client(self.apps[path.split("/")[1]], self.admin).get(path)
            assert answer.status_code == 200, (path, answer.text)
            if NAME in answer.text or NOTE in answer.text:
                found.add(name)
        return found


EVERYWHERE = {
    "roster list",
    "roster search",
    "roster student",
    "plans list",
    "plans plan",
    "reporting segment",
    "reporting file",
}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    house = House(tmp_path, monkeypatch)
    yield house
    house.district.close()


def test_no_name_and_no_note_is_shown_a_minute_after_another_process_forgot(house: House) -> None:
    """The worst case: the key was read just before, and the names were opened at its last moment."""
    house.district.keyring.keys.get([house.student])
    plan = f"/plans/v1/plans/{SHARED_TEMPLATE}.{house.student}"
    house.district.keyring.drop(house.student)
    assert NOTE in house.district.client(house.apps["plans"], house.admin).get(plan).text  # the key is read here
    house.forget_elsewhere()
    house.later(KEY_SECONDS * 0.9)
    assert house.showing() == EVERYWHERE, "memory is used: else this test could not fail"
    house.later(CACHE_SECONDS - KEY_SECONDS * 0.9 + 0.1)
    assert house.showing() == set()


def test_what_is_sealed_after_another_process_forgot_is_unreadable_like_all_before(house: House, tmp_path: Path) -> None:
    keyring = Keyring(SqliteKeys(Database(tmp_path / "keys.db", "NORMAL", SECURE), MASTER))
    keyring.seal(house.student, "note", "before")
    house.forget_elsewhere()
    late = keyring.seal(house.student, "note", "a moment later, with the key that is still cached")
    house.later(KEY_SECONDS + 0.1)
    assert keyring.open(late, "note") is None
    assert len(keyring._cache) <= 1, "keys do not stay in memory"


def test_the_fact_itself_ends_a_cached_key_and_an_opened_name_at_once(house: House) -> None:
    assert house.showing() == EVERYWHERE
    district: TestDistrict = house.district
    district.forget(house.student)
    assert house.showing() == set()
