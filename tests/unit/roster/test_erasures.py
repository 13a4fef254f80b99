"""The ledger: who was forgotten, and which service has answered that it erased what it kept of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.roster.office import Office
from tests.unit.roster.packages import package, tiny
from waymark.events.catalogue.plans import PersonErased
from waymark.events.envelope import Recorded
from waymark.plans.app import create_workers as plans_workers
from waymark.reporting.app import create_workers as reporting_workers
from waymark.service.erasing import CHECKPOINTS, Erasing

ERASURES = "/roster/v1/erasures"
WORKERS = {"plans": plans_workers, "reporting": reporting_workers}


class Town:
    """The tiny district, imported. Of the services beside the roster only those run that a test has started."""

    def __init__(self, folder: Path) -> None:
        self.office = Office(folder)
        assert self.office.send()["status"] == "completed"

    def start(self, *services: str) -> None:
        for each in services:
            ports = self.office.district.ports(each)
            self.office.district.run(*WORKERS[each](ports, self.office.district.folder.feeds))

    def forget(self, source: str) -> str:
        person = self.office.person(source)
        answer = self.office.admin.post(f"/roster/v1/people/{person}/forget", json={"reason": "requested-by-guardian"})
        assert answer.status_code == 200, answer.text
        return person

    def erasures(self, **query: Any) -> Any:
        answer = self.office.admin.get(ERASURES, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def answers(self, service: str) -> list[Recorded]:
        commits = self.office.district.folder.store(service).scan(0, 1000)
        return [each for commit in commits for each in commit.recorded() if each.event.type.endswith("person-erased.v1")]


@pytest.fixture
def town(tmp_path: Path) -> Any:
    town = Town(tmp_path)
    yield town
    town.office.close()


def test_the_ledger_shows_who_has_not_answered_and_since_when(town: Town) -> None:
    amara = town.forget("S1")
    (one,) = town.erasures()["items"]
    assert (one["person"], one["complete"], one["by"]["name"]) == (amara, False, "Rosa Park")
    assert [(each["service"], each["erased_at"], each["waiting_since"], each["erased"]) for each in one["services"]] == [
        (service, None, one["forgotten_at"], {}) for service in ("plans", "reporting")
    ]
    town.start("plans")
    (one,) = town.erasures()["items"]
    assert [(each["service"], each["waiting_since"]) for each in one["services"]] == [("plans", None), ("reporting", one["forgotten_at"])]
    town.start("reporting")
    (one,) = town.erasures()["items"]
    assert one["complete"]
    assert [(each["erased"], each["waiting_since"]) for each in one["services"]] == [({"names": 1}, None)] * 2
    assert all(each["erased_at"] >= one["forgotten_at"] for each in one["services"])


def test_the_latest_come_first_and_pages_follow_each_other(town: Town) -> None:
    town.start("plans", "reporting")
    people = [town.forget(each) for each in ("S1", "S2", "S3")]
    first = town.erasures(limit=2)
    assert [each["person"] for each in first["items"]] == [people[2], people[1]]
    second = town.erasures(limit=2, cursor=first["next"])
    assert ([each["person"] for each in second["items"]], second["next"]) == ([people[0]], None)


def test_each_fact_is_answered_once_however_often_it_is_told(town: Town) -> None:
    town.start("plans", "reporting")
    amara = town.forget("S1")
    district = town.office.district
    for service in WORKERS:
        views = district.ports(service).views
        views.drop(CHECKPOINTS)  # as if it had been killed between the answer and its checkpoint, long ago
        views.prepare(CHECKPOINTS)
    district.catch_up()
    for service in WORKERS:
        (answer,) = town.answers(service)
        assert (answer.stream, answer.key, answer.version) == (f"river/person/{amara}", amara, 1)
    (forgotten,) = [
        each
        for commit in district.folder.store("roster").scan(0, 1000)
        for each in commit.recorded()
        if each.event.type == "roster.person-forgotten.v1"
    ]
    assert {answer.event.forgotten for service in WORKERS for answer in town.answers(service)} == {forgotten.position}  # type: ignore[attr-defined]


def test_two_workers_that_answer_at_once_answer_once(town: Town) -> None:
    amara = town.forget("S1")
    district = town.office.district
    ports = district.ports("plans")
    feed = district.folder.feeds["roster"]()
    feed.start(dict)
    batch = feed.poll(1000, 0)
    assert ports.store is not None
    store = ports.store

    class Twin(Erasing):
        """Meets the other's answer between its look and its own."""

        def __init__(self, other: Erasing | None) -> None:
            def answer(district: str, person: str, forgotten: int) -> PersonErased:
                if other is not None:
                    other.folded("roster", batch, caught_up=True)
                return PersonErased(person=person, forgotten=forgotten, erased={})

            super().__init__(store, ports.views, ports.keyring, answer)

    Twin(Twin(None)).folded("roster", batch, caught_up=True)
    assert [each.stream for each in town.answers("plans")] == [f"river/person/{amara}"]


def test_the_texts_that_nobody_can_read_any_more_are_counted(town: Town) -> None:
    """Two notes and a text; those about somebody else stay."""
    from tests.authz.programme import Programme
    from waymark.events.catalogue.types import Place
    from waymark.plans.domain import plan as rules
    from waymark.plans.streams import PLAN, plan_stream

    town.start("plans", "reporting")
    district = town.office.district
    programme = Programme(district, town.office.person("A1"), "districtAdministrator", "Here")
    amara, jose = town.office.person("S1"), town.office.person("S2")
    for each in (amara, jose):
        programme.assign(each, Place("north", "04"))  # two updates, a note each
    stream = plan_stream(district.id, "shared-template", amara)
    text = district.keyring.seal(amara, "value", "reads by herself")
    content = programme._templates["shared-template"]
    programme._decide(
        stream,
        PLAN,
        lambda plan: rules.update_item(plan, content, "i3", text, note=None, effective=None, by=programme.by, today=district.today),
    )
    district.catch_up()
    town.forget("S1")
    (one,) = town.erasures()["items"]
    assert [each["erased"] for each in one["services"]] == [{"names": 1, "texts": 3}, {"names": 1}]


def test_only_administrators_see_the_ledger_and_only_their_districts(town: Town) -> None:
    town.forget("S1")
    assert town.office.client("T1").get(ERASURES).status_code == 403
    other = town.office.district.neighbour("hill")
    assert other.client(town.office.app, other.administrator()).get(ERASURES).json["items"] == []


def test_a_later_import_of_a_forgotten_person_is_reported_and_brings_nobody_back(town: Town) -> None:
    town.start("plans", "reporting")
    amara = town.forget("S1")
    admin = town.office.admin
    before = admin.get("/roster/v1/sections").json
    files = tiny()
    files["users"][0] |= {"givenName": "Amarachi", "email": "new@waymark.example"}
    state = town.office.send(package(files), who="A1")
    assert (state["status"], state["refused"]) == ("completed", 1)
    (finding,) = admin.get(f"/roster/v1/imports/{state['id']}/findings").json["items"]
    assert (finding["file"], finding["row"], finding["code"], finding["severity"]) == ("users.csv", 2, "person-forgotten", "refused")
    assert "Amarachi" not in admin.get(f"/roster/v1/imports/{state['id']}/findings.csv").text
    assert [each["name"] for each in admin.get("/roster/v1/students?school=north").json["items"]] == ["José Núñez", "Tommy Reed", None]
    assert admin.get("/roster/v1/sections").json == before, "the counts stay"
    assert admin.get("/roster/v1/students?search=Amara").json["items"] == []
    assert not town.office.district.keyring.keys.get([amara])
    assert len(town.erasures()["items"]) == 1


def test_forgetting_lets_go_of_packages_that_wait(town: Town) -> None:
    files = tiny()
    for name, column in (("users", "sourcedId"), ("roles", "userSourcedId"), ("enrollments", "userSourcedId")):
        files[name] = [row for row in files[name] if row[column] not in ("S3", "S4")]
    state = town.office.send(package(files), who="A1")
    spool = town.office.wired.runner.spool
    assert (state["status"], spool.holds("river", state["id"])) == ("held", True)
    town.forget("S1")
    assert not spool.holds("river", state["id"])
    again = town.office.send(package(files), who="A1")
    assert again["status"] == "held", "sent again, it waits again"
