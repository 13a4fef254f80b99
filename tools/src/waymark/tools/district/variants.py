"""The same district with one change, as its next export would carry it."""

from dataclasses import replace
from typing import Literal

from waymark.tools.district.courses import FIRST_SCHEDULED, GRADES
from waymark.tools.district.district import District, Move, Seat
from waymark.tools.district.people import student_id
from waymark.tools.district.plan import PlanRefused

Variant = Literal["moved-student", "one-enrolment"]


def changed(district: District, variant: Variant) -> tuple[District, str]:
    """The district after the change, and the change in words. Raises PlanRefused where the district has no room for it."""
    return _moved_student(district) if variant == "moved-student" else _one_enrolment(district)


def _moved_student(district: District) -> tuple[District, str]:
    """The first child with a guardian and a place elsewhere: other role, primary organisation and classes, those of somebody of that grade.

    Family 0 stays: it is the one that is certain to be spread over two schools.
    """
    for family in range(1, len(district.families)):
        if not district.families.guardians_of(family):
            continue
        for student in district.families.children(family):
            grade = district.grade_of[student]
            for school in district.schools:
                like = next((cohort.first for cohort in school.cohorts if cohort.grade == grade and cohort.size), None)
                if like is not None and school.number != district.school_of[student]:
                    origin = district.school(student).sourced_id
                    words = f"{student_id(student)} (grade {GRADES[grade]}) moves from {origin} to {school.sourced_id}"
                    return replace(district, moves={student: Move(student, school.number, like)}), words
    raise PlanRefused("variant", "moved-student needs two schools that teach the same grade; from two schools on every district has them")


def _one_enrolment(district: District) -> tuple[District, str]:
    """A student of the first school, of a scheduled grade if it has one, takes one more year-long class, like the own ones and near the own grade."""
    school = district.schools[0]
    cohorts = [cohort for cohort in school.cohorts if cohort.size]
    student = next((cohort.first for cohort in cohorts if cohort.grade >= FIRST_SCHEDULED), cohorts[0].first)
    grade = district.grade_of[student]
    scheduled = grade >= FIRST_SCHEDULED
    free = [
        section
        for where, section, students in district.classes()
        if where is school and section.semester is None and student not in students
    ]
    section = min(free, key=lambda section: (bool(section.period) != scheduled, abs(section.grade - grade), section.number))
    words = f"{student_id(student)} is enrolled in {section.sourced_id} besides"
    return replace(district, seats=(Seat(student, school.number, section),)), words
