"""The whole district, without its people's names: small enough to keep, and everything else can be written from it row by row."""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from waymark.tools.district.families import Families, families
from waymark.tools.district.languages import LANGUAGES, Language
from waymark.tools.district.plan import DistrictPlan
from waymark.tools.district.schools import School, district_name, schools
from waymark.tools.district.sessions import SchoolYear, school_year
from waymark.tools.district.timetable import Section, Timetable, members, timetable

DISTRICT = "dis-1"


class Move(NamedTuple):
    """A student who now attends `school` (its number) and has there the classes of the student `like`."""

    student: int
    school: int
    like: int


class Seat(NamedTuple):
    """One more enrolment: a student of the class's own school who takes a class besides."""

    student: int
    school: int
    section: Section


@dataclass(frozen=True, slots=True)
class District:
    """Schools, classes, families and who sits where. Students, teachers, guardians and families are numbers from 0.

    Building it takes some tens of bytes a student; `moves` and `seats` are what a variant changes.
    """

    plan: DistrictPlan
    name: str
    year: SchoolYear
    schools: tuple[School, ...]
    timetables: tuple[Timetable, ...]
    families: Families
    school_of: "array[int]"
    grade_of: "array[int]"
    moves: Mapping[int, Move] = field(default_factory=dict[int, Move])
    seats: tuple[Seat, ...] = ()

    def school(self, student: int) -> School:
        """The school that a student attends."""
        move = self.moves.get(student)
        return self.schools[move.school if move else self.school_of[student]]

    def language(self, family: int) -> Language:
        """A family's home language."""
        return LANGUAGES[self.families.languages[family]]

    def classes(self) -> Iterator[tuple[School, Section, list[int]]]:
        """Every class with its school and students, in the order of schools; `seats` not counted in."""
        for school, table in zip(self.schools, self.timetables, strict=True):
            newcomers = [move for move in self.moves.values() if move.school == school.number]
            for section, students in members(self.plan.seed, school, table.sections):
                arriving = [move.student for move in newcomers if move.like in students]
                staying = [student for student in students if student not in self.moves] if self.moves else students
                yield school, section, staying + arriving


def build(plan: DistrictPlan) -> District:
    """The district that a plan describes."""
    found = schools(plan)
    school_of, grade_of = array("H"), array("B")
    for school in found:
        for cohort in school.cohorts:
            school_of.extend([school.number] * cohort.size)
            grade_of.extend([cohort.grade] * cohort.size)
    return District(
        plan=plan,
        name=district_name(plan),
        year=school_year(plan),
        schools=found,
        timetables=_timetables(found),
        families=families(plan, found, school_of, grade_of),
        school_of=school_of,
        grade_of=grade_of,
    )


def _timetables(found: tuple[School, ...]) -> tuple[Timetable, ...]:
    """Every second school shares a co-teacher with the school before it."""
    tables: list[Timetable] = []
    section = teacher = 0
    for school in found:
        visiting = tables[-1].co_teacher if school.number % 2 else None
        table = timetable(school, section, teacher, visiting)
        tables.append(table)
        section += len(table.sections)
        teacher = table.teachers.stop
    return tuple(tables)
