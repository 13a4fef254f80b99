"""Asking the directory: who signs in, whom one may see, what they are called, and the scope that comes of it."""

from datetime import date, timedelta

import pytest

from waymark.events.catalogue import roster
from waymark.service.directory import REDACTED_NAME, Directory
from waymark.service.ports import Ports
from waymark.service.scope import NotFound, Scope
from waymark.service.testing import TestDistrict


@pytest.fixture
def ports(district: TestDistrict) -> Ports:
    return district.ports("reporting")


@pytest.fixture
def directory(ports: Ports) -> Directory:
    return ports.directory


def scope_of(district: TestDistrict, directory: Directory, person: str) -> Scope:
    login = district.keyring.login(district.id, district.subject(person))
    found = directory.by_login(district.id, login)
    assert found is not None
    return directory.build_scope(district.id, found, district.today)


def test_a_teacher_reaches_the_students_who_are_in_a_running_class_today(district: TestDistrict, directory: Directory) -> None:
    today, day = district.today, timedelta(days=1)
    now, past, coming, other, finished = (district.student() for _ in range(5))
    running = district.section(students=[now], begin=today, end=today)
    district.enrol(past, running, end=today - day)
    district.enrol(coming, running, begin=today + day)
    district.section(students=[other])
    ended = district.section(students=[finished], end=today - day)
    assert scope_of(district, directory, district.teacher(running, ended)).students == {now}


def test_co_teachers_reach_the_same_students_until_their_own_enrolment_ends(district: TestDistrict, directory: Directory) -> None:
    student = district.student()
    section = district.section(students=[student])
    one, other = district.teacher(section), district.teacher(section)
    assert scope_of(district, directory, one).students == scope_of(district, directory, other).students == {student}
    district.enrol(other, section, "teacher", end=district.today - timedelta(days=1))
    assert scope_of(district, directory, other).students == frozenset()


def test_a_principal_follows_the_roll_of_the_school(district: TestDistrict, directory: Directory) -> None:
    principal, student = district.principal("s1"), district.student("s1")
    assert scope_of(district, directory, principal).students == {student}
    district.place(student, "s2")
    assert scope_of(district, directory, principal).students == frozenset()
    district.place(student, "s1")
    district.withdraw(student)
    assert scope_of(district, directory, principal).students == frozenset()


def test_a_guardian_loses_a_child_when_the_link_ends(district: TestDistrict, directory: Directory) -> None:
    child = district.student()
    guardian = district.guardian(child)
    assert scope_of(district, directory, guardian).students == {child}
    district.about(guardian, roster.GuardianUnlinked(person=guardian, student=child))
    assert scope_of(district, directory, guardian).students == frozenset()


def test_people_who_may_not_enter_are_found_by_no_login(district: TestDistrict, directory: Directory) -> None:
    def found(person: str) -> bool:
        return directory.by_login(district.id, district.keyring.login(district.id, district.subject(person))) is not None

    teacher, left, forgotten, disabled = district.teacher(), district.teacher(), district.teacher(), district.teacher(enabled=False)
    district.deactivate(left)
    district.forget(forgotten)
    assert [found(each) for each in (teacher, left, forgotten, disabled)] == [True, False, False, False]
    assert directory.by_login("d2", district.keyring.login(district.id, district.subject(teacher))) is None
    assert directory.by_login(district.id, "") is None


def test_a_login_that_two_people_share_lets_neither_in(district: TestDistrict, directory: Directory) -> None:
    teacher, other = district.teacher(), district.teacher()
    login = district.keyring.login(district.id, district.subject(teacher))
    sealed = district.keyring.seal(other, "given", "x")
    district.about(other, roster.PersonRecorded(person=other, given=sealed, family=sealed, source_id=sealed, login=login, digest=""))
    assert directory.by_login(district.id, login) is None


def test_names_are_for_those_who_reach_the_person_and_for_staff_everybody(district: TestDistrict, directory: Directory) -> None:
    student = district.student(given="Ana", family="Ruiz")
    other = district.student()
    teacher = district.teacher(district.section(students=[student]), given="Tim", family="Teach")
    guardian = district.guardian(student, given="Gil", family="Guard")
    everyone = (student, other, teacher, guardian, "unknown")

    def seen_by(person: str) -> list[str | None]:
        names = directory.names(scope_of(district, directory, person), everyone)
        return [names[each].display for each in everyone]

    assert seen_by(teacher) == ["Ana Ruiz", None, "Tim Teach", "Gil Guard", None]
    assert seen_by(guardian) == ["Ana Ruiz", None, "Tim Teach", "Gil Guard", None]
    assert seen_by(other)[0] is None
    assert seen_by(other)[3] is None
    assert None not in seen_by(district.administrator())[:4]


def test_a_student_who_helps_as_staff_keeps_a_students_privacy(district: TestDistrict, directory: Directory) -> None:
    aide = district.student()
    district.about(aide, roster.RoleGranted(person=aide, role="aide", org="s1"))
    stranger = scope_of(district, directory, district.teacher())
    assert directory.names(stranger, [aide]) == {aide: REDACTED_NAME}
    with pytest.raises(NotFound):
        directory.person(stranger, aide)


def test_the_preferred_name_is_how_people_are_called(district: TestDistrict, directory: Directory) -> None:
    teacher = district.teacher(given="Alexandra", family="Ruiz", preferred="Alex")
    name = directory.names(scope_of(district, directory, teacher), [teacher])[teacher]
    assert (name.given, name.family, name.display, name.sort) == ("Alexandra", "Ruiz", "Alex Ruiz", "Ruiz, Alex")


def test_a_forgotten_name_reads_as_redacted_and_the_student_still_counts(district: TestDistrict, directory: Directory) -> None:
    student = district.student()
    principal = scope_of(district, directory, district.principal())
    assert directory.names(principal, [student])[student].display is not None
    district.forget(student)
    assert directory.names(principal, [student]) == {student: REDACTED_NAME}
    assert student in directory.roll(principal, "s1")


def test_the_cached_key_of_a_person_whom_another_process_forgot_is_dropped(district: TestDistrict, directory: Directory) -> None:
    student = district.student()
    note = district.keyring.seal(student, "note", "private")
    principal = scope_of(district, directory, district.principal())
    district.keyring.keys.forget(student)  # as another process does: the cache here does not hear of it
    district.about(student, roster.PersonForgotten(person=student))
    assert district.keyring.open(note, "note") == "private"
    directory.names(principal, [student])
    assert district.keyring.open(note, "note") is None


def test_sections_are_ones_own_and_those_of_the_schools_one_administers(district: TestDistrict, directory: Directory) -> None:
    student = district.student()
    one, two, elsewhere = district.section(students=[student]), district.section(), district.section(school="s2")
    teacher, principal = (scope_of(district, directory, each) for each in (district.teacher(one), district.principal("s1")))
    assert set(directory.sections(teacher)) == {one}
    assert set(directory.sections(principal)) == {one, two}
    assert set(directory.sections(principal, school="s2")) == set()
    administrator = scope_of(district, directory, district.administrator())
    assert set(directory.sections(administrator)) == {one, two, elsewhere}
    assert set(directory.sections(administrator, school="s2")) == {elsewhere}
    with pytest.raises(NotFound):
        directory.section(teacher, two)
    assert directory.section(scope_of(district, directory, student), one).id == one


def test_a_roll_shows_only_whom_the_scope_reaches(district: TestDistrict, directory: Directory) -> None:
    student = district.student(grade="07", home_language="so")
    district.student()
    roll = directory.roll(scope_of(district, directory, district.teacher(district.section(students=[student]))), "s1")
    assert {each: (entry.grade, entry.home_language) for each, entry in roll.items()} == {student: ("07", "so")}


def test_schools_are_those_of_the_scope(district: TestDistrict, directory: Directory) -> None:
    district.school("s1")
    district.school("s2", "Second School")
    assert set(directory.schools(scope_of(district, directory, district.principal("s2")))) == {"s2"}
    assert set(directory.schools(scope_of(district, directory, district.administrator()))) == {"s1", "s2"}


def test_another_district_in_the_same_databases_is_not_there(district: TestDistrict, directory: Directory) -> None:
    student = district.neighbour("d2").student()
    administrator = scope_of(district, directory, district.administrator())
    assert directory.people(administrator, [student]) == {}
    assert directory.roll(administrator, "s1") == {}
    assert directory.district("d2").name == "Test District"


def test_a_scope_is_kept_while_the_directory_stands_still_and_no_longer(district: TestDistrict, directory: Directory) -> None:
    student = district.student()
    section = district.section(students=[student])
    teacher = district.teacher(section)
    first = scope_of(district, directory, teacher)
    assert scope_of(district, directory, teacher) is first
    district.leave(student, section)
    assert scope_of(district, directory, teacher).students == frozenset()


def test_a_scope_is_of_its_day(district: TestDistrict, directory: Directory) -> None:
    person = district.principal()
    district.about(person, roster.RoleGranted(person=person, role="principal", org="s1", end=date(2026, 6, 30)))
    found = directory.by_login(district.id, district.keyring.login(district.id, district.subject(person)))
    assert found is not None
    assert directory.build_scope(district.id, found, date(2026, 6, 30)).holds("principal")
    assert not directory.build_scope(district.id, found, date(2026, 7, 1)).holds("principal")


def test_a_district_that_was_never_described_keeps_utc(directory: Directory) -> None:
    assert directory.district("d9").time_zone == "UTC"
