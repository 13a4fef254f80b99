"""Rows that cannot be taken: they are reported, and what is known of the things they are about stays as it is."""

import pytest

from tests.unit.roster.district import Riverbend
from tests.unit.roster.packages import contents, person, role, seat, tiny, zipped
from waymark.events.catalogue.roster import ClassRecorded, EnrolmentStarted, OrganisationRecorded, StudentPlaced


def test_references_to_nothing_are_refused_row_by_row(river: Riverbend) -> None:
    files = tiny()
    files["roles"] += [role("r9", "NOBODY", "teacher", "north"), role("r10", "T1", "teacher", "nowhere")]
    files["enrollments"] += [seat("e9", "c9", "north", "S1"), seat("e10", "c1", "north", "NOBODY")]
    files["demographics"].append({"sourcedId": "NOBODY"})
    files["classes"].append({"sourcedId": "c3", "title": "Lost", "schoolSourcedId": "nowhere"})
    progress = river.send(files)
    assert river.said() == {
        ("classes.csv", 4, "reference-unknown", "refused"),
        ("roles.csv", 10, "reference-unknown", "refused"),
        ("roles.csv", 11, "reference-unknown", "refused"),
        ("enrollments.csv", 8, "reference-unknown", "refused"),
        ("enrollments.csv", 9, "reference-unknown", "refused"),
        ("demographics.csv", 5, "reference-unknown", "refused"),
    }
    assert (progress.status, progress.refused) == ("completed", 6)
    assert river.counted()["class-recorded"] == 2


def test_references_that_a_row_can_do_without_are_left_out(river: Riverbend) -> None:
    files = tiny()
    files["orgs"][1]["parentSourcedId"] = "nothing"
    files["classes"][0] |= {"courseSourcedId": "nothing", "termSourcedIds": "fall,nothing"}
    files["users"][0] |= {"agentSourcedIds": "G1,nothing", "primaryOrgSourcedId": "nothing"}
    progress = river.send(files)
    assert {(each.file, each.field, each.severity) for each in river.findings()} == {
        ("orgs.csv", "parentSourcedId", "repaired"),
        ("classes.csv", "courseSourcedId", "repaired"),
        ("classes.csv", "termSourcedIds", "repaired"),
        ("users.csv", "agentSourcedIds", "repaired"),
        ("users.csv", "primaryOrgSourcedId", "repaired"),
    }
    assert (progress.refused, progress.repaired) == (0, 5)
    assert river.counted()["guardian-linked"] == 2
    assert [each.parent for each in river.of(OrganisationRecorded) if each.org == "north"] == [None]


def test_a_sourced_id_twice_counts_once(river: Riverbend) -> None:
    files = tiny()
    files["users"].append(person("S1", "Another", "Person"))
    files["orgs"].append({"sourcedId": "north", "name": "Other", "type": "school"})
    files["enrollments"].append(seat("e1", "c2", "middle", "S1"))
    river.send(files)
    assert {(file, row, code) for file, row, code, _ in river.said()} == {
        ("users.csv", 10, "sourced-id-doubled"),
        ("orgs.csv", 5, "sourced-id-doubled"),
        ("enrollments.csv", 8, "sourced-id-doubled"),
    }
    assert next(each.name for each in river.of(OrganisationRecorded) if each.org == "north") == "North Elementary"
    assert [each.section for each in river.of(EnrolmentStarted) if each.person == river.person("S1")] == ["c1"]


def test_organisations_above_their_own_parent_are_put_right(river: Riverbend) -> None:
    files = tiny()
    files["orgs"][0]["parentSourcedId"] = "north"
    river.send(files)
    assert [each.code for each in river.findings()] == ["parent-circle"]


def test_ends_before_begins_are_refused(river: Riverbend) -> None:
    files = tiny()
    files["academicSessions"][0]["endDate"] = "2026-01-01"
    files["roles"][0] |= {"beginDate": "2026-09-01", "endDate": "2026-08-01"}
    files["enrollments"][0] |= {"beginDate": "2026-09-01", "endDate": "2026-08-01"}
    river.send(files)
    assert {each.file for each in river.findings() if each.code == "dates-reversed"} == {
        "academicSessions.csv",
        "roles.csv",
        "enrollments.csv",
    }


def test_a_person_without_any_name_is_refused_and_one_name_is_enough(river: Riverbend) -> None:
    files = tiny()
    files["users"] += [person("S7", "", ""), person("S8", "Sukarno", "")]
    river.send(files)
    assert river.said() == {("users.csv", 10, "value-missing", "refused")}
    assert river.counted()["person-recorded"] == 9


def test_whoever_stands_in_a_refused_row_stays_as_they_are(river: Riverbend) -> None:
    river.send()
    files = tiny()
    files["users"][3]["givenName"] = "Tom\0"
    river.send(files)
    assert river.last == []
    assert river.said() == {("users.csv", 5, "control-character", "refused")}


@pytest.mark.parametrize("name, change", [("roles", {"role": "studnt"}), ("enrollments", {"beginDate": "yesterday"})])
def test_a_refused_role_or_enrolment_ends_nothing(river: Riverbend, name: str, change: dict[str, str]) -> None:
    river.send()
    files = tiny()
    files[name][0] |= change
    river.send(files)
    assert river.last == []
    assert len(river.findings()) == 1


def test_a_class_in_a_refused_row_stays_and_so_do_its_enrolments(river: Riverbend) -> None:
    river.send()
    files = tiny()
    files["classes"][0]["title"] = "x" * 300
    river.send(files)
    assert river.last == []


def test_where_a_row_cannot_be_told_at_all_nobody_is_gone(river: Riverbend) -> None:
    river.send()
    texts = contents(tiny())
    users = texts["users.csv"]
    assert isinstance(users, str)
    lines = users.split("\r\n")
    lines[8] = "broken,row"  # the guardian's
    progress = river.send(zipped(texts | {"users.csv": "\r\n".join(lines)}))
    assert progress.status == "completed"
    assert river.last == []
    assert ("users.csv", 9, "row-ragged", "refused") in river.said()
    assert ("users.csv", 0, "absence-not-trusted", "note") in river.said()


def test_a_package_that_cannot_be_read_changes_nothing_and_says_why(river: Riverbend) -> None:
    river.send()
    texts = contents(tiny())
    texts["users.csv"] = b"sourcedId,givenName\r\nS1,Jos\xe9\r\n"
    for _ in range(2):
        head = river.store.head()
        progress = river.send(zipped(texts))
        assert (progress.status, progress.code) == ("refused", "not-utf-8")
        assert river.last == []
        assert [each.code for each in river.findings()] == ["not-utf-8"]
    assert river.store.head() == head, "refused again for the same reason: nothing new is recorded"


def test_grades_and_languages_that_nobody_knows_are_left_out(river: Riverbend) -> None:
    files = tiny()
    files["users"][0]["grades"] = "Year 4"
    files["demographics"][0]["metadata.homeLanguage"] = "none given"
    river.send(files)
    assert {(each.field, each.severity, each.value) for each in river.findings()} == {
        ("grades", "repaired", None),
        ("metadata.homeLanguage", "repaired", None),
    }
    placed = next(each for each in river.of(StudentPlaced) if each.person == river.person("S1"))
    assert (placed.grade, placed.home_language) == ("", "")


def test_ids_with_strange_letters_stay_apart_and_fit_into_addresses(river: Riverbend) -> None:
    files = tiny()
    for row in files["classes"]:
        row["sourcedId"] = row["sourcedId"].replace("c", "class/å ")
    for row in files["enrollments"]:
        row["classSourcedId"] = row["classSourcedId"].replace("c", "class/å ")
    river.send(files)
    assert {each.section for each in river.of(ClassRecorded)} == {"class~2f~c3~a5~201", "class~2f~c3~a5~202"}
    assert not river.findings()


def test_very_many_findings_of_one_kind_are_counted_but_not_all_listed(river: Riverbend) -> None:
    files = tiny()
    files["enrollments"] += [seat(f"x{each}", "c9", "north", "S1") for each in range(1500)]
    progress = river.send(files)
    assert progress.refused == 1500
    assert len(river.findings()) == 1001
    assert river.findings()[-1].code == "more-alike"
