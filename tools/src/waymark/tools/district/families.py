"""Which students are siblings, how many guardians they have and which language they speak at home. Names come later, from households."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from waymark.tools.district.courses import FIRST_HIGH, FIRST_SCHEDULED, GRADES
from waymark.tools.district.draws import Draws
from waymark.tools.district.languages import LanguageMix
from waymark.tools.district.plan import STUDENTS_A_LANGUAGE, DistrictPlan
from waymark.tools.district.schools import School

# Of a thousand families: those with one, two, three and (the rest) four children in the district's schools.
_CHILDREN = (550, 880, 980)
_LOOK_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Families:
    """All families, numbered from 0, in flat arrays: about eleven bytes a student.

    Family `f` has the students `members[starts[f]:starts[f + 1]]`, the guardians numbered `guardians[f]` up to and without
    `guardians[f + 1]`, and the language `languages[f]`.
    """

    starts: "array[int]"
    members: "array[int]"
    guardians: "array[int]"
    languages: "array[int]"

    def __len__(self) -> int:
        return len(self.languages)

    def children(self, family: int) -> Sequence[int]:
        return self.members[self.starts[family] : self.starts[family + 1]]

    def guardians_of(self, family: int) -> range:
        return range(self.guardians[family], self.guardians[family + 1])


def families(plan: DistrictPlan, schools: tuple[School, ...], school_of: "array[int]", grade_of: "array[int]") -> Families:
    """Form the families. With two schools or more, family 0 has two guardians and children in two schools; the last has no guardian."""
    draws = Draws(plan.seed, "families")
    starts, members = array("l", [0]), array("l")
    for pool in _neighbourhoods(schools):
        order = draws.shuffled(pool)
        if not members:
            _put_another_school_second(order, school_of, grade_of)
        place = 0
        while place < len(order):
            wanted = 2 if not members and plan.schools > 1 else _children(draws)
            size = min(wanted, len(order) - place)
            for child in range(place + 1, place + size):
                _avoid_twins(order, place, child, grade_of)
            members.extend(order[place : place + size])
            place += size
            starts.append(len(members))
    return Families(starts, members, _guardians(plan, len(starts) - 1), _languages(plan, len(starts) - 1))


def _neighbourhoods(schools: tuple[School, ...]) -> Iterator[list[int]]:
    """Each school with young children, its own ones together with its share of the older students, so that siblings live close together."""
    grades = (range(FIRST_SCHEDULED), range(FIRST_SCHEDULED, FIRST_HIGH), range(FIRST_HIGH, len(GRADES)))
    young, middle, high = ([_of_grades(school, some) for school in schools] for some in grades)
    middle_students, high_students = list(chain.from_iterable(middle)), list(chain.from_iterable(high))
    total = sum(len(students) for students in young)
    before = 0
    for students in young:
        if students:
            after = before + len(students)
            yield [
                *students,
                *middle_students[before * len(middle_students) // total : after * len(middle_students) // total],
                *high_students[before * len(high_students) // total : after * len(high_students) // total],
            ]
            before = after


def _of_grades(school: School, grades: range) -> list[int]:
    return [student for cohort in school.cohorts if cohort.grade in grades for student in cohort.students]


def _put_another_school_second(order: list[int], school_of: "array[int]", grade_of: "array[int]") -> None:
    for place in range(1, len(order)):
        if school_of[order[place]] != school_of[order[0]] and grade_of[order[place]] != grade_of[order[0]]:
            order[1], order[place] = order[place], order[1]
            return


def _avoid_twins(order: list[int], first: int, child: int, grade_of: "array[int]") -> None:
    """Exchange a child for one of the next few where a sibling is in the same grade; a few twins stay."""
    taken = {grade_of[student] for student in order[first:child]}
    for place in range(child, min(child + _LOOK_AHEAD, len(order))):
        if grade_of[order[place]] not in taken:
            order[child], order[place] = order[place], order[child]
            return


def _children(draws: Draws) -> int:
    drawn = draws.below(1000)
    return 1 + sum(drawn >= limit for limit in _CHILDREN)


def _guardians(plan: DistrictPlan, count: int) -> "array[int]":
    draws = Draws(plan.seed, "guardians")
    ends = array("l", [0])
    for family in range(count):
        drawn = draws.below(1000)
        guardians = 0 if drawn < 15 else 1 if drawn < 300 else 2
        if family == 0:
            guardians = 2
        elif family == count - 1:
            guardians = 0
        ends.append(ends[-1] + guardians)
    return ends


def _languages(plan: DistrictPlan, count: int) -> "array[int]":
    """Drawn by weight, but each of the plan's languages is certain of one family, these spread evenly over the district."""
    assert plan.language_count * STUDENTS_A_LANGUAGE <= plan.students
    draws = Draws(plan.seed, "languages")
    mix = LanguageMix(plan.language_count)
    found = array("B", (mix.draw(draws) for _ in range(count)))
    for language in range(plan.language_count):
        found[language * count // plan.language_count] = language
    return found
