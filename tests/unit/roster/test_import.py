"""Importing: the first package gives everything, the same one nothing, a changed one just the difference."""

from datetime import date

from tests.unit.roster.district import NAME, Riverbend
from tests.unit.roster.packages import person, role, seat, tiny, tiny_1_1
from waymark.events.catalogue.roster import (
    ClassRecorded,
    DistrictDescribed,
    EnrolmentEnded,
    EnrolmentStarted,
    GuardianLinked,
    PersonRecorded,
    RoleGranted,
    StudentPlaced,
)


def test_the_first_package_publishes_everything(river: Riverbend) -> None:
    progress = river.send()
    assert progress.status == "completed"
    assert river.counted() == {
        "district-described": 1,
        "organisation-recorded": 3,
        "class-recorded": 2,
        "person-recorded": 8,
        "role-granted": 8,
        "student-placed": 4,
        "enrolment-started": 6,
        "guardian-linked": 2,
    }
    assert progress.recorded == {f"roster.{name}.v1": count for name, count in river.counted().items()}
    assert progress.rows == {name: len(rows) for name, rows in tiny().items()}
    assert not river.findings()


def test_what_is_published_says_what_the_package_says(river: Riverbend) -> None:
    river.send()
    assert river.of(DistrictDescribed) == [DistrictDescribed(name="Riverbend", time_zone="America/New_York", locale="en-US")]
    maths = next(each for each in river.of(ClassRecorded) if each.section == "c1")
    assert (maths.title, maths.course, maths.school, maths.begin, maths.end) == (
        "Grade 4 Mathematics",
        "Mathematics",
        "north",
        date(2026, 8, 17),
        date(2027, 6, 11),
    )
    placed = next(each for each in river.of(StudentPlaced) if each.person == river.person("S1"))
    assert (placed.school, placed.grade, placed.home_language, placed.previous, placed.effective) == (
        "north",
        "04",
        "ig",
        None,
        date(2026, 8, 17),
    )
    assert {(each.person, each.student) for each in river.of(GuardianLinked)} == {
        (river.person("G1"), river.person("S1")),
        (river.person("G1"), river.person("S3")),
    }


def test_names_are_sealed_and_sign_ins_are_hashed(river: Riverbend) -> None:
    river.send()
    tom = next(each for each in river.of(PersonRecorded) if each.person == river.person("S4"))
    opened = [river.keyring.open(getattr(tom, field), field) for field in ("given", "family", "preferred", "number", "source_id")]
    assert opened == ["Tom", "Reed", "Tommy", "1004", "S4"]
    assert tom.email is None
    assert tom.login == river.keyring.login(NAME, "S4")


def test_no_name_and_no_sourced_id_of_a_person_rests_in_clear(river: Riverbend) -> None:
    river.send()
    river.database.checkpoint()
    for path in river.folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not [each for each in ("Okafor", "Núñez", "Zhāng", "Tommy", "waymark.example") if each.encode() in content], path
    assert not list(river.folder.rglob("*.staging*"))


def test_the_same_package_again_publishes_nothing_at_all(river: Riverbend) -> None:
    river.send()
    head = river.store.head()
    progress = river.send()
    assert (progress.status, progress.recorded, river.store.head()) == ("completed", {}, head)
    assert river.imports[0] == river.imports[1]


def test_another_package_that_says_the_same_publishes_only_its_own_story(river: Riverbend) -> None:
    river.send()
    files = tiny()
    files["users"].reverse()
    files["enrollments"].reverse()
    assert river.send(files).recorded == {}
    assert not river.last


def test_one_more_enrolment_is_exactly_that_event(river: Riverbend) -> None:
    river.send()
    files = tiny()
    files["enrollments"].append(seat("e9", "c2", "middle", "S1"))
    river.send(files)
    assert river.last == [EnrolmentStarted(person=river.person("S1"), section="c2", school="middle", role="student")]


def test_one_changed_enrolment_is_exactly_that_event(river: Riverbend) -> None:
    river.send()
    files = tiny()
    files["enrollments"][0]["endDate"] = "2026-12-18"
    river.send(files)
    assert [(type(each), getattr(each, "end", None)) for each in river.last] == [(EnrolmentStarted, date(2026, 12, 18))]


def test_one_enrolment_fewer_is_exactly_its_end(river: Riverbend) -> None:
    river.send()
    files = tiny()
    del files["enrollments"][1]
    river.send(files)
    assert river.last == [EnrolmentEnded(person=river.person("S2"), section="c1", school="north", role="student")]


def test_a_changed_name_is_said_anew_and_nothing_else(river: Riverbend) -> None:
    river.send()
    files = tiny()
    files["users"][0]["familyName"] = "Okafor-Reed"
    river.send(files)
    assert river.counted() == {"person-recorded": 1}
    assert river.keyring.open(river.of(PersonRecorded)[0].family, "family") == "Okafor-Reed"


def test_a_student_who_changes_school_is_placed_there_from_the_day_the_roster_gives(river: Riverbend) -> None:
    river.send()
    files = tiny()
    files["users"][1] |= {"primaryOrgSourcedId": "middle", "grades": "07"}
    files["roles"][1] = role("r2", "S2", "student", "middle", beginDate="2026-08-31")
    files["enrollments"][1] = seat("e2", "c2", "middle", "S2")
    river.send(files)
    assert river.counted() == {
        "enrolment-ended": 1,
        "role-revoked": 1,
        "student-placed": 1,
        "role-granted": 1,
        "enrolment-started": 1,
    }
    placed = river.of(StudentPlaced)[0]
    assert (placed.school, placed.grade, placed.previous, placed.effective) == ("middle", "07", "north", date(2026, 8, 31))


def test_another_grade_or_language_counts_from_the_districts_today(river: Riverbend) -> None:
    river.send()
    files = tiny()
    files["users"][0]["grades"] = "05"
    files["demographics"][1]["metadata.homeLanguage"] = "PT-br"
    river.send(files)
    assert {(each.grade, each.home_language, each.effective) for each in river.of(StudentPlaced)} == {
        ("05", "ig", date(2026, 9, 1)),
        ("04", "pt-BR", date(2026, 9, 1)),
    }
    assert river.counted() == {"student-placed": 2}


def test_whoever_is_missing_from_a_whole_file_leaves_with_everything_they_were(river: Riverbend) -> None:
    river.send()
    files = tiny()
    for name, column in (
        ("users", "sourcedId"),
        ("roles", "userSourcedId"),
        ("enrollments", "userSourcedId"),
        ("demographics", "sourcedId"),
    ):
        files[name] = [row for row in files[name] if row[column] not in ("G1", "T2")]
    for user in files["users"]:
        user.pop("agentSourcedIds", None)
    river.send(files)
    assert river.counted() == {"guardian-unlinked": 2, "role-revoked": 2, "enrolment-ended": 1, "person-deactivated": 2}


def test_who_comes_back_is_recorded_again(river: Riverbend) -> None:
    river.send()
    files = tiny()
    files["users"] = [row for row in files["users"] if row["sourcedId"] != "A1"]
    files["roles"] = [row for row in files["roles"] if row["userSourcedId"] != "A1"]
    river.send(files)
    assert river.counted() == {"role-revoked": 1, "person-deactivated": 1}
    river.send()
    assert river.counted() == {"person-recorded": 1, "role-granted": 1}


def test_a_class_that_moves_takes_its_enrolments_along(river: Riverbend) -> None:
    river.send()
    files = tiny()
    files["classes"][1]["schoolSourcedId"] = "north"
    river.send(files)
    assert river.counted() == {"class-recorded": 1, "enrolment-started": 2}
    assert {each.school for each in river.of(EnrolmentStarted)} == {"north"}


def test_a_class_and_an_organisation_that_are_gone_end_what_was_in_them(river: Riverbend) -> None:
    river.send()
    files = tiny()
    files["classes"] = [row for row in files["classes"] if row["sourcedId"] != "c2"]
    files["enrollments"] = [row for row in files["enrollments"] if row["classSourcedId"] != "c2"]
    river.send(files)
    assert river.counted() == {"class-retired": 1, "enrolment-ended": 2}


def test_a_1_1_package_gives_the_same_district(river: Riverbend) -> None:
    progress = river.send(tiny_1_1(), "1.1")
    assert (progress.status, river.counted()["role-granted"], river.counted()["guardian-linked"]) == ("completed", 8, 2)
    administrator = next(each for each in river.of(RoleGranted) if each.person == river.person("A1"))
    assert (administrator.role, administrator.org) == ("districtAdministrator", "d")
    files = tiny_1_1()
    files["users"].append(person("A2", "Site", "Lead", role="administrator", orgSourcedIds="north"))
    river.send(files, "1.1")
    assert [(each.role, each.org) for each in river.of(RoleGranted)] == [("siteAdministrator", "north")]


def test_a_guardian_may_be_named_on_either_side(river: Riverbend) -> None:
    files = tiny()
    for user in files["users"]:
        user.pop("agentSourcedIds", None)
    files["users"][-1]["agentSourcedIds"] = "S1,S3,T1"
    river.send(files)
    assert river.counted()["guardian-linked"] == 2
    assert ("users.csv", 9, "agent-no-guardian", "note") in river.said()


def test_an_enrolment_named_twice_lasts_from_its_first_day_to_its_last(river: Riverbend) -> None:
    files = tiny()
    files["enrollments"][1] |= {"beginDate": "2026-08-17", "endDate": "2026-12-18"}
    files["enrollments"].append(seat("e9", "c1", "north", "S2", beginDate="2027-01-05", endDate="2027-06-11"))
    river.send(files)
    started = next(each for each in river.of(EnrolmentStarted) if each.person == river.person("S2"))
    assert (started.begin, started.end) == (date(2026, 8, 17), date(2027, 6, 11))


def test_the_column_people_sign_in_with_is_the_districts_choice(river: Riverbend, tmp_path_factory) -> None:
    other = Riverbend(tmp_path_factory.mktemp("other"), login_field="email")
    other.send()
    logins = {each.person: each.login for each in other.of(PersonRecorded)}
    assert logins[other.person("S1")] == other.keyring.login(NAME, "s1@waymark.example")
    assert logins[other.person("S2")] == ""
