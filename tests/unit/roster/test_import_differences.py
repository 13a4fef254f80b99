"""Packages that are not the whole truth: files of differences, and files left out."""

from datetime import date

from tests.unit.roster.district import Riverbend
from tests.unit.roster.packages import seat, tiny
from waymark.events.catalogue.roster import ClassRecorded, EnrolmentEnded, EnrolmentStarted, StudentPlaced


def delta(river: Riverbend, **files: list[dict[str, str]]) -> None:
    """Send files of differences; `status` is active where a row does not say otherwise."""
    rows = {name: [{"status": "active", "dateLastModified": "2026-09-01T00:00:00Z"} | row for row in each] for name, each in files.items()}
    river.send(rows, modes=dict.fromkeys(rows, "delta"))


def test_a_file_that_is_left_out_leaves_things_as_they_are(river: Riverbend) -> None:
    river.send()
    for name in tiny():
        files = tiny()
        del files[name]
        river.send(files)
        assert river.last == [], f"without {name}.csv"


def test_one_new_enrolment_as_a_difference(river: Riverbend) -> None:
    river.send()
    delta(river, enrollments=[seat("e9", "c2", "middle", "S1")])
    assert river.last == [EnrolmentStarted(person=river.person("S1"), section="c2", school="middle", role="student")]


def test_one_deleted_enrolment_as_a_difference(river: Riverbend) -> None:
    river.send()
    delta(river, enrollments=[tiny()["enrollments"][1] | {"status": "tobedeleted"}])
    assert river.last == [EnrolmentEnded(person=river.person("S2"), section="c1", school="north", role="student")]


def test_a_moved_student_as_differences(river: Riverbend) -> None:
    river.send()
    files = tiny()
    delta(
        river,
        users=[files["users"][1] | {"primaryOrgSourcedId": "middle", "grades": "07"}],
        roles=[
            files["roles"][1] | {"status": "tobedeleted"},
            {"sourcedId": "r20", "userSourcedId": "S2", "roleType": "primary", "role": "student", "orgSourcedId": "middle"},
        ],
    )
    assert river.counted() == {"role-revoked": 1, "role-granted": 1, "student-placed": 1}
    assert [(each.school, each.grade, each.home_language) for each in river.of(StudentPlaced)] == [("middle", "07", "es")]


def test_a_deleted_person_as_a_difference_leaves_with_everything(river: Riverbend) -> None:
    river.send()
    delta(river, users=[tiny()["users"][4] | {"status": "tobedeleted"}])
    assert river.counted() == {"role-revoked": 1, "enrolment-ended": 1, "person-deactivated": 1}


def test_a_guardian_taken_off_a_student_is_unlinked_and_the_other_link_stays(river: Riverbend) -> None:
    river.send()
    delta(river, users=[tiny()["users"][0] | {"agentSourcedIds": ""}])
    assert river.counted() == {"guardian-unlinked": 1}


def test_new_guardians_may_be_named_in_a_difference(river: Riverbend) -> None:
    river.send()
    delta(river, users=[tiny()["users"][1] | {"agentSourcedIds": "G1"}])
    assert river.counted() == {"guardian-linked": 1}


def test_every_row_of_a_difference_says_what_became_of_it(river: Riverbend) -> None:
    river.send()
    delta(river, enrollments=[seat("e9", "c2", "middle", "S1") | {"status": ""}])
    assert river.last == []
    assert [(each.code, each.allowed) for each in river.findings() if each.row] == [("status-missing", ("active", "tobedeleted"))]


def test_a_difference_of_classes_keeps_the_days_of_terms_that_it_does_not_describe(river: Riverbend) -> None:
    river.send()
    delta(river, classes=[tiny()["classes"][0] | {"title": "Mathematics 4"}])
    recorded = river.of(ClassRecorded)
    assert [(each.title, each.course, each.begin, each.end) for each in recorded] == [
        ("Mathematics 4", "Mathematics", date(2026, 8, 17), date(2027, 6, 11))
    ]
    assert len(river.last) == 1


def test_a_difference_may_refer_to_what_only_earlier_packages_described(river: Riverbend) -> None:
    river.send()
    delta(river, roles=[{"sourcedId": "r30", "userSourcedId": "T1", "role": "principal", "orgSourcedId": "north"}])
    assert river.counted() == {"role-granted": 1}
    assert not [each for each in river.findings() if each.severity == "refused"]


def test_the_same_difference_again_changes_nothing(river: Riverbend) -> None:
    river.send()
    for _ in range(2):
        delta(river, enrollments=[seat("e9", "c2", "middle", "S1")])
    assert river.last == []
