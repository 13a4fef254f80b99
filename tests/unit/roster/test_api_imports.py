"""Imports over HTTP: send, watch, read what was found, approve."""

import csv
import io
from typing import Any

import pytest

from tests.unit.roster.office import FIRST, Office
from tests.unit.roster.packages import package, person, role, seat, tiny, zipped
from waymark.events.envelope import Meta
from waymark.roster.domain import importing
from waymark.roster.importing.lock import only_import

IMPORTS = "/roster/v1/imports"


def many(students: int) -> bytes:
    files = tiny()
    for each in range(students):
        files["users"].append(person(f"M{each}", "Kim", f"Number {each}", grades="04"))
        files["roles"].append(role(f"rm{each}", f"M{each}", "student", "north"))
    return package(files)


def faulty() -> bytes:
    files = tiny()
    files["enrollments"] += [seat("e8", "c9", "north", "S1"), seat("e9", "c1", "north", "S1", "pupil")]
    files["orgs"].append({"sourcedId": "o9", "name": "=cmd()", "type": "=skool"})
    return package(files)


def test_the_first_import_comes_from_somebody_named_in_the_settings_and_is_audited(office: Office) -> None:
    shown = office.send()
    assert (shown["status"], shown["rows"]["users"], shown["recorded"]["roster.person-recorded.v1"]) == ("completed", 8, 8)
    assert shown["by"]["id"] == office.person(FIRST)
    assert office.admin.get(f"{IMPORTS}/{shown['id']}").json["status"] == "completed"


def test_the_same_package_is_the_same_import_and_changes_nothing(office: Office) -> None:
    first = office.send()
    head = office.district.folder.store("roster").head()
    again = office.send(who="A1")
    assert again["id"] == first["id"]
    assert (again["status"], again["recorded"]) == ("completed", {})
    assert office.district.folder.store("roster").head() == head


def test_a_package_may_come_as_a_part_of_a_form(office: Office) -> None:
    sent = office.first.post(IMPORTS, data={"package": (io.BytesIO(package()), "roster.zip")}, content_type="multipart/form-data")
    assert sent.status_code == 202
    office.settle()
    assert office.first.get(f"{IMPORTS}/{sent.json['id']}").json["status"] == "completed"


@pytest.mark.parametrize(
    "sent, status, code",
    [
        ({"data": b"", "content_type": "application/zip"}, 422, "not-a-zip"),
        ({"data": b"hello", "content_type": "application/zip"}, 422, "not-a-zip"),
        ({"data": b"{}", "content_type": "application/json"}, 415, "media-type"),
        ({"data": b"PK"}, 415, "media-type"),
        ({"data": {"other": "x"}, "content_type": "multipart/form-data"}, 422, "required"),
        ({"data": b"PK", "content_type": "application/zip", "query_string": {"dry_run": "perhaps"}}, 422, "invalid"),
        ({"data": b"PK", "content_type": "application/zip", "query_string": {"force": "true"}}, 422, "invalid"),
    ],
)
def test_what_is_no_package_is_refused_at_the_door(office: Office, sent: dict[str, Any], status: int, code: str) -> None:
    answer = office.first.post(IMPORTS, **sent)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert office.first.get(IMPORTS).json["items"] == []


def test_a_package_that_cannot_be_read_is_refused_with_the_place_the_reason_and_what_is_allowed(office: Office) -> None:
    shown = office.send(zipped({"users.csv": "sourcedId\r\n"}))
    assert (shown["status"], shown["code"]) == ("refused", "manifest-missing")
    findings = office.first.get(f"{IMPORTS}/{shown['id']}/findings").json["items"]
    assert [(each["code"], each["severity"], each["allowed"]) for each in findings] == [("manifest-missing", "refused", ["manifest.csv"])]
    damaged = office.send(b"PK\x03\x04 and nothing more")
    assert (damaged["status"], damaged["code"]) == ("refused", "not-a-zip")


def test_findings_are_listed_by_page_file_and_severity(office: Office) -> None:
    shown = office.send(faulty())
    assert (shown["refused"], shown["status"]) == (3, "completed")
    address = f"{IMPORTS}/{shown['id']}/findings"
    first = office.first.get(address, query_string={"limit": 2}).json
    rest = office.first.get(address, query_string={"limit": 2, "cursor": first["next"]}).json
    assert [(each["file"], each["row"], each["code"]) for each in first["items"] + rest["items"]] == [
        ("orgs.csv", 5, "not-allowed"),
        ("enrollments.csv", 8, "reference-unknown"),
        ("enrollments.csv", 9, "not-allowed"),
    ]
    assert rest["next"] is None
    of_orgs = office.first.get(address, query_string={"file": "orgs.csv", "severity": "refused"}).json["items"]
    assert [(each["value"], each["allowed"][0]) for each in of_orgs] == [("=skool", "department")]
    assert office.first.get(address, query_string={"severity": "note"}).json["items"] == []


def test_findings_come_as_a_file_that_no_spreadsheet_calculates_with(office: Office) -> None:
    shown = office.send(faulty())
    answer = office.first.get(f"{IMPORTS}/{shown['id']}/findings.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[0][:4] == ["File", "Row", "Field", "Code"]
    assert len(rows) == 4
    assert rows[1][7] == "'=skool"


def test_a_dry_run_records_nothing_and_is_listed_as_one(office: Office) -> None:
    head = office.district.folder.store("roster").head()
    shown = office.send(dry_run="true")
    assert (shown["status"], shown["dry_run"], shown["recorded"]["roster.person-recorded.v1"]) == ("completed", True, 8)
    assert office.district.folder.store("roster").head() == head
    real = office.send()
    listed = office.first.get(IMPORTS).json["items"]
    assert {(each["id"], each["dry_run"]) for each in listed} == {(shown["id"], True), (real["id"], False)}


def test_a_held_import_goes_on_when_it_is_approved(office: Office) -> None:
    office.send(many(16))
    held = office.send(many(2), who="A1")
    assert (held["status"], held["leaving"], held["students"]) == ("held", 14, 20)
    address = f"{IMPORTS}/{held['id']}"
    etag = office.admin.get(address).headers["ETag"]
    assert office.admin.post(f"{address}/approval").status_code == 428
    assert office.admin.post(f"{address}/approval", headers={"If-Match": '"77"'}).status_code == 412
    approved = office.admin.post(f"{address}/approval", headers={"If-Match": etag})
    assert approved.status_code == 200
    office.settle()
    shown = office.admin.get(address).json
    assert (shown["status"], shown["recorded"]["roster.student-withdrawn.v1"]) == ("completed", 14)
    again = office.admin.post(f"{address}/approval", headers={"If-Match": etag})
    assert again.status_code == 412


def test_only_a_held_import_can_be_approved(office: Office) -> None:
    shown = office.send()
    answer = office.first.post(f"{IMPORTS}/{shown['id']}/approval", headers={"If-Match": '"2"'})
    assert (answer.status_code, answer.json["code"], answer.json["import_status"]) == (409, "import-not-held", "completed")


def test_packages_rest_unreadable_and_are_gone_when_they_are_in(office: Office, tmp_path: Any) -> None:
    with only_import(tmp_path / "imports" / "river", "another"):
        sent = office.first.post(IMPORTS, data=package(), content_type="application/zip")
        waiting = list(tmp_path.rglob("*.package"))
        assert len(waiting) == 1
        assert not [each for each in (b"PK\x03\x04", b"users.csv") if each in waiting[0].read_bytes()]
        assert office.first.get(f"{IMPORTS}/{sent.json['id']}").json["status"] == "received"
    office.settle()
    assert office.first.get(f"{IMPORTS}/{sent.json['id']}").json["status"] == "completed"
    assert not list(tmp_path.rglob("*.package"))
    assert not list(tmp_path.rglob("*.incoming"))


def test_a_package_that_an_earlier_process_left_is_imported_when_somebody_looks(office: Office, tmp_path: Any) -> None:
    runner = office.wired.runner
    spooled = runner.spool.receive([package()], "river", dry_run=False)
    office.wired.around.record(
        "river", spooled.id, Meta(), lambda known: importing.receive(known, spooled.digest, spooled.size, "", dry_run=False)
    )
    office.district.catch_up()
    shown = office.first.get(f"{IMPORTS}/{spooled.id}").json
    assert (shown["status"], shown["by"]) in [(each, None) for each in ("received", "reading", "checking", "applying", "completed")]
    office.settle()
    assert office.first.get(f"{IMPORTS}/{spooled.id}").json["status"] == "completed"


def test_only_district_administrators_import(office: Office) -> None:
    shown = office.send()
    for who in ("T1", "S1", "G1"):
        client = office.client(who)
        answers = [
            client.post(IMPORTS, data=package(), content_type="application/zip"),
            client.get(IMPORTS),
            client.get(f"{IMPORTS}/{shown['id']}"),
            client.get(f"{IMPORTS}/{shown['id']}/findings"),
            client.get(f"{IMPORTS}/{shown['id']}/findings.csv"),
            client.post(f"{IMPORTS}/{shown['id']}/approval", headers={"If-Match": '"1"'}),
        ]
        assert {(each.status_code, each.json["code"]) for each in answers} == {(403, "role-may-not")}


def test_another_districts_import_does_not_exist(office: Office) -> None:
    shown = office.send()
    other = office.district.neighbour("hill")
    client = other.client(office.app, other.administrator())
    for address in (f"{IMPORTS}/{shown['id']}", f"{IMPORTS}/{shown['id']}/findings", f"{IMPORTS}/..%2Friver%2F{shown['id']}"):
        assert client.get(address).status_code == 404
    assert client.get(IMPORTS).json["items"] == []
    assert client.post(f"{IMPORTS}/{shown['id']}/approval", headers={"If-Match": '"2"'}).status_code == 404
