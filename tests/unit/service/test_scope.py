"""From what the roster says about a person: whom they reach, and why."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.events.catalogue.types import Author, Role
from waymark.service.directory_folds import Person, RoleHeld
from waymark.service.directory_grants import ClassMembers, granted
from waymark.service.scope import ADMINISTRATORS, EDUCATORS, Grant, NotFound, RoleMayNot, Scope

TODAY = date(2026, 11, 3)
ROLLS = {"s1": frozenset({"ana", "ben"}), "s2": frozenset({"cem"})}


def a_scope(*roles: RoleHeld, classes: tuple[ClassMembers, ...] = (), counselors: bool = False, **person: object) -> Scope:
    return granted(
        "d1",
        Person(id="me", roles=roles, **person),  # type: ignore[arg-type]  each test says which
        TODAY,
        classes=classes,
        school_of={"ana": "s1"},
        rolls=lambda school: ROLLS.get(school, frozenset()),
        counselors=counselors,
    )


def a_class(section: str, *students: str, school: str = "s1") -> ClassMembers:
    return ClassMembers(section=section, title=section.upper(), school=school, students=frozenset(students))


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_an_administrator_of_the_district_reaches_everyone(role: Role) -> None:
    scope = a_scope(RoleHeld(role, "office"))
    assert scope.everyone
    assert scope.students is None
    assert scope.schools is None
    assert scope.reaches("whoever")
    assert scope.administers("any-school")
    assert role in scope.why("whoever")


@pytest.mark.parametrize("role", ["siteAdministrator", "principal"])
def test_an_administrator_of_a_school_reaches_its_students_only(role: Role) -> None:
    scope = a_scope(RoleHeld(role, "s1"))
    assert scope.students == {"ana", "ben"}
    assert scope.schools == scope.administered == {"s1"}
    assert not scope.administers("s2")
    with pytest.raises(NotFound):
        scope.reach("cem")


def test_a_teacher_reaches_the_students_of_the_own_classes_and_administers_nothing() -> None:
    scope = a_scope(RoleHeld("teacher", "s1"), classes=(a_class("c1", "ana"), a_class("c2", "ben", "cem", school="s2")))
    assert scope.students == {"ana", "ben", "cem"}
    assert scope.sections == {"c1", "c2"}
    assert scope.administered == frozenset()
    assert scope.why("cem") == "teaches C2 today"


def test_who_teaches_without_the_role_is_a_teacher_all_the_same() -> None:
    scope = a_scope(RoleHeld("principal", "s1"), classes=(a_class("c2", "cem", school="s2"),))
    assert scope.holds("teacher")
    assert scope.author("cem") == Author("me", "teacher")
    assert scope.author("ana") == Author("me", "principal")


@pytest.mark.parametrize("counselors, students", [(False, set()), (True, {"ana", "ben"})])
def test_a_counselor_reaches_the_school_only_by_setting(counselors: bool, students: set[str]) -> None:
    scope = a_scope(RoleHeld("counselor", "s1"), counselors=counselors)
    assert scope.students == students
    assert scope.administered == frozenset()


def test_a_student_reaches_nobody_else() -> None:
    scope = a_scope(RoleHeld("student", "s1"), school="s1")
    assert scope.students == {"me"}
    assert scope.schools == {"s1"}


def test_a_guardian_reaches_the_children() -> None:
    scope = a_scope(RoleHeld("parent", "office"), children=("ana",))
    assert scope.students == {"ana"}
    assert scope.author("ana").role == "parent"


@pytest.mark.parametrize("dates", [(date(2026, 11, 4), None), (None, date(2026, 11, 2))])
def test_a_role_that_is_not_held_today_grants_nothing(dates: tuple[date | None, date | None]) -> None:
    scope = a_scope(RoleHeld("principal", "s1", *dates))
    assert scope.roles == ()
    assert scope.students == frozenset()


@pytest.mark.parametrize("dates", [(TODAY, None), (None, TODAY), (TODAY, TODAY)])
def test_both_ends_of_a_role_are_inclusive(dates: tuple[date | None, date | None]) -> None:
    assert a_scope(RoleHeld("principal", "s1", *dates)).holds("principal")


def test_a_scope_cannot_be_made_wider_than_its_grants() -> None:
    scope = Scope(
        district="d1", person="me", grants=(Grant("student", "the student", frozenset({"me"}), frozenset()),), everyone=True, students=None
    )
    assert not scope.everyone
    assert scope.students == {"me"}


def test_a_role_that_may_not_is_told_who_may() -> None:
    with pytest.raises(RoleMayNot) as refused:
        a_scope(RoleHeld("student", "s1")).require(*EDUCATORS)
    assert refused.value.roles == EDUCATORS


def test_nobody_without_a_role_is_an_author() -> None:
    with pytest.raises(RoleMayNot):
        a_scope().author()


PEOPLE = st.sampled_from(["ana", "ben", "cem", "dee", "me"])
GRANTS = st.builds(
    Grant,
    st.sampled_from(["principal", "teacher", "student", "guardian", "districtAdministrator"]),
    st.text(min_size=1),
    st.none() | st.frozensets(PEOPLE),
    st.none() | st.frozensets(st.sampled_from(["s1", "s2"])),
)


@given(st.lists(GRANTS).map(tuple), PEOPLE)
def test_a_student_is_reached_exactly_when_a_grant_says_why(grants: tuple[Grant, ...], student: str) -> None:
    scope = Scope(district="d1", person="me", grants=grants)
    assert scope.reaches(student) == any(each.students is None or student in each.students for each in grants)
    if scope.reaches(student):
        assert scope.why(student) in {each.reason for each in grants}
        assert scope.reach(student) == student
    else:
        with pytest.raises(NotFound):
            scope.why(student)


@given(st.lists(GRANTS).map(tuple), st.lists(GRANTS).map(tuple))
def test_scopes_share_a_digest_only_when_they_reach_the_same(one: tuple[Grant, ...], other: tuple[Grant, ...]) -> None:
    first, second = Scope(district="d1", person="me", grants=one), Scope(district="d1", person="me", grants=other)
    if first.digest() == second.digest():
        assert (first.students, first.schools) == (second.students, second.schools)
    assert Scope(district="d1", person="me", grants=one).digest() == first.digest()
