"""Which classes a school has, who teaches them, and who sits in them.

Elementary grades are taught in homerooms. From grade 06 on a day has seven periods. Each grade is divided into pods that have the five
core subjects together, in turning order, so that nobody is in two places; in the two periods left, which differ by grade, all pods mix in
electives, and one student in eight has one elective only. No teacher has two classes in one period of one school.
"""

from collections.abc import Iterator
from itertools import count
from typing import Literal, NamedTuple

from waymark.tools.district.courses import CO_TAUGHT_SUBJECTS, CORE, CORE_SUBJECTS, FIRST_SCHEDULED, HOMEROOMS, Course, electives
from waymark.tools.district.draws import Draws
from waymark.tools.district.schools import School

PERIODS = 7
CLASS_SIZE = 27
LARGEST_CLASS = 30
CLASSES_A_TEACHER = 5
CO_TAUGHT_EVERY = 6
STUDENTS_A_CO_TEACHER = 250

Group = Literal["homeroom", "core", "elective 1", "elective 2"]


class Seats(NamedTuple):
    """Which students of a cohort a class has: every `of`-th of the group's order, from `index` on."""

    group: Group
    index: int
    of: int


class Section(NamedTuple):
    """One class. Teachers are numbers within the district; `semester` is 0 or 1, or None for the whole year; `period` is "" for a homeroom."""

    number: int
    course: Course
    label: int
    grade: int
    period: str
    semester: int | None
    seats: Seats
    teacher: int
    co_teacher: int | None

    @property
    def sourced_id(self) -> str:
        return f"cls-{self.number + 1:06d}"


class Timetable(NamedTuple):
    """A school's classes and teachers: `teachers` are those numbered for it, the first of whom to co-teach is `co_teacher`.

    `visiting` is a co-teacher numbered for another school.
    """

    sections: tuple[Section, ...]
    teachers: range
    co_teacher: int
    visiting: int | None


class _Draft(NamedTuple):
    course: Course | None
    grade: int
    period: int | None
    seats: Seats


def timetable(school: School, first_section: int, first_teacher: int, visiting: int | None) -> Timetable:
    """The classes of a school, numbered from `first_section` on, with its teachers from `first_teacher` on."""
    teachers = count(first_teacher)
    staffed = [(draft, HOMEROOMS[draft.grade], next(teachers)) for draft in _homerooms(school)]
    for subject in CORE_SUBJECTS:
        staffed.extend(_staffed([draft for draft in _core(school) if draft.course and draft.course.subject == subject], teachers))
    staffed.extend(_staffed(list(_electives(school)), teachers))
    own_support = [next(teachers) for _ in range(max(1, school.size // STUDENTS_A_CO_TEACHER))]
    support = own_support if visiting is None else [visiting, *own_support]
    co_teachers = _co_teachers(staffed, support)
    labels: dict[str, int] = {}
    sections: list[Section] = []
    for number, ((draft, course, teacher), co_teacher) in enumerate(zip(staffed, co_teachers, strict=True), start=first_section):
        labels[course.code] = label = labels.get(course.code, 0) + 1
        semester = (label - 1) % 2 if course.half_year else None
        period = "" if draft.period is None else str(draft.period + 1)
        sections.append(Section(number, course, label, draft.grade, period, semester, draft.seats, teacher, co_teacher))
    return Timetable(tuple(sections), range(first_teacher, next(teachers)), own_support[0], visiting)


def members(seed: int, school: School, sections: tuple[Section, ...]) -> Iterator[tuple[Section, list[int]]]:
    """Each class with its students."""
    cohorts = {cohort.grade: cohort for cohort in school.cohorts}
    orders: dict[tuple[Group, int], list[int]] = {}
    for section in sections:
        seats = section.seats
        order = orders.get((seats.group, section.grade))
        if order is None:
            order = list(cohorts[section.grade].students)
            if seats.group in {"elective 1", "elective 2"}:
                order = Draws(seed, seats.group, school.number, section.grade).shuffled(order)
            if seats.group == "elective 2":
                order = order[: _with_two_electives(len(order))]
            orders[seats.group, section.grade] = order
        yield section, order[seats.index :: seats.of]


def _homerooms(school: School) -> Iterator[_Draft]:
    for cohort in school.cohorts:
        if cohort.grade < FIRST_SCHEDULED:
            for seats in _seats("homeroom", cohort.size):
                yield _Draft(HOMEROOMS[cohort.grade], cohort.grade, None, seats)


def _core(school: School) -> Iterator[_Draft]:
    for cohort in school.cohorts:
        if cohort.grade >= FIRST_SCHEDULED:
            free = _elective_periods(cohort.grade)
            periods = [period for period in range(PERIODS) if period not in free]
            for seats in _seats("core", cohort.size):
                for place, course in enumerate(CORE[cohort.grade]):
                    yield _Draft(course, cohort.grade, periods[(seats.index + place) % len(periods)], seats)


def _electives(school: School) -> Iterator[_Draft]:
    for cohort in school.cohorts:
        if cohort.grade >= FIRST_SCHEDULED:
            first, second = _elective_periods(cohort.grade)
            for seats in _seats("elective 1", cohort.size):
                yield _Draft(None, cohort.grade, first, seats)
            for seats in _seats("elective 2", _with_two_electives(cohort.size)):
                yield _Draft(None, cohort.grade, second, seats)


def _elective_periods(grade: int) -> tuple[int, int]:
    place = 2 * (grade - FIRST_SCHEDULED)
    return place % PERIODS, (place + 1) % PERIODS


def _with_two_electives(students: int) -> int:
    return students - students // 8


def _seats(group: Group, students: int) -> list[Seats]:
    of = max((students + CLASS_SIZE // 2) // CLASS_SIZE, -(-students // LARGEST_CLASS))
    return [Seats(group, index, of) for index in range(of)]


def _staffed(drafts: list[_Draft], teachers: "count[int]") -> list[tuple[_Draft, Course, int]]:
    """The classes of one department with their teachers, who take turns in the order of periods: so nobody has two classes in one period."""
    by_period = sorted(drafts, key=lambda draft: (draft.period or 0, draft.grade, draft.seats.index))
    busiest = max((sum(other.period == period for other in drafts) for period in range(PERIODS)), default=0)
    needed = max(busiest, -(-len(drafts) // CLASSES_A_TEACHER))
    staff = [next(teachers) for _ in range(needed)]
    staffed: list[tuple[_Draft, Course, int]] = []
    for turn, draft in enumerate(by_period):
        choices = electives(draft.grade)
        staffed.append((draft, draft.course or choices[turn % needed % len(choices)], staff[turn % needed]))
    return staffed


def _co_teachers(staffed: list[tuple[_Draft, Course, int]], support: list[int]) -> list[int | None]:
    """A second teacher for every sixth homeroom, English and mathematics class; each has at most one class a period, the first one some."""
    busy: set[tuple[int, int]] = set()
    found: list[int | None] = []
    candidates = 0
    for draft, course, _ in staffed:
        chosen: int | None = None
        if draft.period is None or course.subject in CO_TAUGHT_SUBJECTS:
            if candidates % CO_TAUGHT_EVERY == 0:
                turn = candidates // CO_TAUGHT_EVERY
                order = [support[(turn + i) % len(support)] for i in range(len(support))]
                chosen = next((teacher for teacher in order if draft.period is None or (teacher, draft.period) not in busy), None)
                if chosen is not None and draft.period is not None:
                    busy.add((chosen, draft.period))
            candidates += 1
        found.append(chosen)
    return found
