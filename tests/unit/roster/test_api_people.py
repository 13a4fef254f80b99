"""Who is asking, the district, schools, classes and students over HTTP, within each caller's reach; and forgetting."""

import pytest

from tests.unit.roster.office import FIRST, Office
from waymark.events.catalogue.roster import PersonForgotten


@pytest.fixture
def town(office: Office) -> Office:
    """The tiny district, imported."""
    assert office.send()["status"] == "completed"
    office.district.now = office.district.now.replace(year=2026, month=9, day=1)
    return office


def listed(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json["items"]]


def test_me_says_who_is_asking_what_they_reach_and_what_they_may(town: Office) -> None:
    me = town.client("T1").get("/roster/v1/me").json
    assert me["person"] == {"id": town.person("T1"), "name": "Ada Byron"}
    assert me["roles"] == [{"role": "teacher", "org": {"id": "north", "name": "North Elementary"}}]
    assert me["schools"] == [{"id": "north", "name": "North Elementary"}]
    assert me["district"]["time_zone"] == "America/New_York"
    assert me["may"] == {"administer": False, "import": False, "build_templates": False, "assign": True, "forget": False}
    assert all(town.admin.get("/roster/v1/me").json["may"].values())


def test_me_answers_somebody_who_is_in_no_roster_yet(office: Office) -> None:
    me = office.first.get("/roster/v1/me").json
    assert (me["person"]["name"], me["may"]["import"], [each["role"] for each in me["roles"]]) == (None, True, ["systemAdministrator"])
    assert office.client("nobody").get("/roster/v1/me").json["code"] == "person-unknown"


ZONE = {"name": "Riverbend", "time_zone": "America/Chicago", "locale": "en-US"}


def test_a_district_is_described_without_a_version_only_while_it_is_not(office: Office) -> None:
    token = {"Authorization": f"Bearer {office.district.token(FIRST, district='meadow')}"}
    assumed = office.first.get("/roster/v1/district", headers=token)
    assert (assumed.json, "ETag" in assumed.headers) == ({"id": "meadow", "name": "meadow", "time_zone": "UTC", "locale": "en"}, False)
    described = office.first.put("/roster/v1/district", json=ZONE, headers=token)
    assert (described.json, described.headers["ETag"]) == ({"id": "meadow", **ZONE}, '"1"')
    assert office.first.put("/roster/v1/district", json=ZONE | {"name": "Other"}, headers=token).status_code == 428


def test_a_described_district_changes_only_with_its_version(office: Office) -> None:
    found = office.first.get("/roster/v1/district")
    etag = found.headers["ETag"]
    assert office.first.put("/roster/v1/district", json=ZONE).status_code == 428
    assert office.first.put("/roster/v1/district", json=ZONE, headers={"If-Match": '"9"'}).status_code == 412
    changed = office.first.put("/roster/v1/district", json=ZONE, headers={"If-Match": etag})
    assert (changed.status_code, changed.json["name"]) == (200, "Riverbend")
    assert changed.headers["ETag"] != etag
    assert office.first.get("/roster/v1/me").json["district"]["time_zone"] == "America/Chicago"


def test_a_time_zone_that_is_none_and_a_name_that_says_nothing_are_refused(office: Office) -> None:
    etag = {"If-Match": office.first.get("/roster/v1/district").headers["ETag"]}
    for zone in ("Mars/Olympus", "../etc/passwd", "America", "localtime", "Factory", "right/UTC", "UTC\n"):
        refused = office.first.put("/roster/v1/district", json=ZONE | {"time_zone": zone}, headers=etag)
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/time_zone")
    for locale in ("", "english", "en\n", "en_US"):
        refused = office.first.put("/roster/v1/district", json=ZONE | {"locale": locale}, headers=etag)
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/locale")
    for name in ("", "   ", "a\nb", "x" * 201):
        refused = office.first.put("/roster/v1/district", json=ZONE | {"name": name}, headers=etag)
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/name")


def test_an_import_leaves_the_districts_record_as_it_is(office: Office) -> None:
    before = office.first.get("/roster/v1/district")
    office.send()
    after = office.admin.get("/roster/v1/district")
    assert (after.json, after.headers["ETag"]) == (before.json, before.headers["ETag"])


def test_schools_are_those_within_reach(town: Office) -> None:
    assert listed(town.admin.get("/roster/v1/schools")) == ["North Elementary", "River Middle"]
    assert listed(town.client("T2").get("/roster/v1/schools")) == ["River Middle"]
    assert listed(town.client("G1").get("/roster/v1/schools")) == ["North Elementary", "River Middle"]


def test_p14_a_teacher_sees_the_own_classes_and_an_administrator_those_of_the_schools(town: Office) -> None:
    own = town.client("T1").get("/roster/v1/sections").json["items"]
    assert own == [
        {
            "id": "c1",
            "title": "Grade 4 Mathematics",
            "code": "M-4",
            "school": {"id": "north", "name": "North Elementary"},
            "teachers": [{"id": town.person("T1"), "name": "Ada Byron"}],
            "students": 3,
        }
    ]
    every = town.admin.get("/roster/v1/sections").json["items"]
    assert [each["id"] for each in every] == ["c1", "c2"]
    assert [each["id"] for each in town.admin.get("/roster/v1/sections?school=middle").json["items"]] == ["c2"]
    assert town.client("S1").get("/roster/v1/sections").json["items"] == []


def test_the_students_of_a_class_are_in_the_order_of_family_names(town: Office) -> None:
    answer = town.client("T1").get("/roster/v1/sections/c1/students")
    assert [(each["name"], each["family_name"], each["grade"]) for each in answer.json["items"]] == [
        ("José Núñez", "Núñez", "04"),
        ("Amara Okafor", "Okafor", "04"),
        ("Tommy Reed", "Reed", "04"),
    ]
    assert town.client("T2").get("/roster/v1/sections/c1/students").status_code == 404
    assert listed(town.client("S1").get("/roster/v1/sections/c1/students")) == ["Amara Okafor"]


def test_students_are_searched_without_case_and_accents_and_filtered(town: Office) -> None:
    students = "/roster/v1/students"
    assert listed(town.admin.get(students)) == ["José Núñez", "Amara Okafor", "Tommy Reed", "Wěi Zhāng"]
    assert listed(town.admin.get(f"{students}?search=NUNEZ jo")) == ["José Núñez"]
    assert listed(town.admin.get(f"{students}?search=zhang")) == ["Wěi Zhāng"]
    assert listed(town.admin.get(f"{students}?grade=07")) == ["Wěi Zhāng"]
    assert listed(town.admin.get(f"{students}?school=north&limit=2")) == ["José Núñez", "Amara Okafor"]
    assert listed(town.admin.get(f"{students}?section=c2")) == ["Wěi Zhāng"]
    first = town.admin.get(f"{students}?limit=3").json
    assert [each["name"] for each in town.admin.get(f"{students}?limit=3&cursor={first['next']}").json["items"]] == ["Wěi Zhāng"]


def test_everybody_lists_only_students_within_reach(town: Office) -> None:
    students = "/roster/v1/students"
    assert listed(town.client("T1").get(students)) == ["José Núñez", "Amara Okafor", "Tommy Reed"]
    assert listed(town.client("T2").get(students)) == ["Wěi Zhāng"]
    assert listed(town.client("G1").get(students)) == ["Amara Okafor", "Wěi Zhāng"]
    assert listed(town.client("S2").get(students)) == ["José Núñez"]
    assert listed(town.client("T2").get(f"{students}?school=north")) == []


def test_one_student_is_shown_to_whom_they_are_in_reach_of(town: Office) -> None:
    address = f"/roster/v1/students/{town.person('S1')}"
    assert town.client("G1").get(address).json == {
        "id": town.person("S1"),
        "name": "Amara Okafor",
        "family_name": "Okafor",
        "given_name": "Amara",
        "school": {"id": "north", "name": "North Elementary"},
        "grade": "04",
        "home_language": "ig",
    }
    for who, source in (("T2", "S1"), ("S2", "S1"), ("A1", "T1"), ("A1", "nobody")):
        assert town.client(who).get(f"/roster/v1/students/{town.person(source)}").status_code == 404


def test_a_forgotten_person_has_no_name_any_more_and_counts_stay(town: Office) -> None:
    amara = town.person("S1")
    assert listed(town.admin.get("/roster/v1/students"))
    answer = town.admin.post(f"/roster/v1/people/{amara}/forget", json={"reason": "requested-by-guardian"})
    assert (answer.status_code, answer.json) == (200, {"id": amara, "forgotten": True})
    shown = town.client("T1").get("/roster/v1/sections/c1/students").json["items"]
    assert [(each["id"] == amara, each["name"]) for each in shown] == [(False, "José Núñez"), (False, "Tommy Reed"), (True, None)]
    assert town.client("S1").get("/roster/v1/me").status_code == 403
    head = town.district.folder.store("roster").head()
    again = town.admin.post(f"/roster/v1/people/{amara}/forget", json={"reason": "requested-by-guardian"})
    assert (again.status_code, town.district.folder.store("roster").head()) == (200, head)


def test_forgetting_says_who_ordered_it_and_comes_from_administrators_alone(town: Office) -> None:
    amara = town.person("S1")
    address = f"/roster/v1/people/{amara}/forget"
    assert town.client("T1").post(address, json={"reason": "requested-by-person"}).status_code == 403
    assert town.admin.post(address, json={"reason": "because"}).status_code == 422
    assert town.admin.post("/roster/v1/people/nobody/forget", json={"reason": "requested-by-person"}).status_code == 404
    assert town.district.keyring.keys.get([amara])
    town.admin.post(address, json={"reason": "requested-by-person"})
    assert not town.district.keyring.keys.get([amara])
    commits = town.district.folder.store("roster").read(f"river/person/{amara}", 0)
    assert [each.event for commit in commits for each in commit.recorded()][-1] == PersonForgotten(person=amara, by=town.person("A1"))


def test_another_districts_people_cannot_be_forgotten(town: Office) -> None:
    other = town.district.neighbour("hill")
    client = other.client(town.app, other.administrator())
    amara = town.person("S1")
    assert client.post(f"/roster/v1/people/{amara}/forget", json={"reason": "requested-by-person"}).status_code == 404
    assert town.district.keyring.keys.get([amara])
    assert client.get("/roster/v1/students").json["items"] == []


def test_the_first_administrator_sees_the_district_that_was_imported(town: Office) -> None:
    assert len(listed(town.client(FIRST).get("/roster/v1/students"))) == 4
