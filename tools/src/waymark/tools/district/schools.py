"""The schools of a district: their kinds, names and how many students each has in each grade."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from waymark.tools.district.courses import FIRST_HIGH, FIRST_SCHEDULED, GRADES
from waymark.tools.district.draws import Draws
from waymark.tools.district.plan import DistrictPlan


class Kind(NamedTuple):
    """A kind of school by the grades it teaches: from index `first` up to and without `end` of GRADES."""

    title: str
    first: int
    end: int


ELEMENTARY = Kind("Elementary School", 0, FIRST_SCHEDULED)
MIDDLE = Kind("Middle School", FIRST_SCHEDULED, FIRST_HIGH)
HIGH = Kind("High School", FIRST_HIGH, len(GRADES))
ELEMENTARY_AND_MIDDLE = Kind("Academy", 0, FIRST_HIGH)
MIDDLE_AND_HIGH = Kind("Middle and High School", FIRST_SCHEDULED, len(GRADES))
ALL_GRADES = Kind("School", 0, len(GRADES))

# Small districts teach every grade too, and from two schools on some grade is taught in two of them, so that a student can move.
_SMALL = {
    1: (ALL_GRADES,),
    2: (ELEMENTARY_AND_MIDDLE, MIDDLE_AND_HIGH),
    3: (ELEMENTARY, ELEMENTARY_AND_MIDDLE, MIDDLE_AND_HIGH),
}

_DISTRICTS = ("Maple", "Juniper", "Cumberland", "Bluestone", "Salt River", "Laurel Ridge", "Goldenrod", "Harrow", "Kestrel", "Tamarack")
_PERSONS = (
    "Rosa Parks",
    "Frederick Douglass",
    "Harriet Tubman",
    "Abraham Lincoln",
    "Katherine Johnson",
    "César Chávez",
    "Ida B. Wells",
    "Thurgood Marshall",
    "Maria Mitchell",
    "Booker T. Washington",
)
# fmt: off
_PLACES_FIRST = (
    "Maple", "Oak", "Cedar", "Willow", "Sycamore", "Chestnut", "Hickory", "Birch", "Walnut", "Dogwood",
    "Laurel", "Juniper", "Blue", "Silver", "Stone", "Clear", "Fern", "Deer", "Fox", "Eagle",
)
_PLACES_LAST = (
    "Grove", "Creek", "Hill", "Ridge", "Valley", "Park", "Run", "Springs", "Meadow", "Crossing", "Bend", "Hollow", "Field", "Lake",
)
# fmt: on


class Cohort(NamedTuple):
    """The students of one grade of one school: `size` of them, numbered from `first` on without a gap."""

    grade: int
    first: int
    size: int

    @property
    def students(self) -> range:
        return range(self.first, self.first + self.size)


@dataclass(frozen=True, slots=True)
class School:
    """A school. `number` counts from 0; `cohorts` are in the order of grades."""

    number: int
    name: str
    kind: Kind
    cohorts: tuple[Cohort, ...]

    @property
    def sourced_id(self) -> str:
        return f"sch-{self.number + 1:03d}"

    @property
    def size(self) -> int:
        return sum(cohort.size for cohort in self.cohorts)

    @property
    def students(self) -> range:
        first = self.cohorts[0].first
        return range(first, first + self.size)


def district_name(plan: DistrictPlan) -> str:
    """The district's name without its suffix, such as "Maple"."""
    return Draws(plan.seed, "district").pick(_DISTRICTS)


def schools(plan: DistrictPlan) -> tuple[School, ...]:
    """The schools, elementary ones first; their sizes differ, and add up to the plan's number of students."""
    kinds = _kinds(plan.schools)
    names = _names(plan)
    draws = Draws(plan.seed, "school sizes")
    weights = [70 + draws.below(61) for _ in kinds]
    sizes = [[0] * len(GRADES) for _ in kinds]
    for grade, students in enumerate(split(plan.students, [1] * len(GRADES))):
        teaching = [number for number, kind in enumerate(kinds) if kind.first <= grade < kind.end]
        for number, size in zip(teaching, split(students, [weights[number] for number in teaching]), strict=True):
            sizes[number][grade] = size
    found: list[School] = []
    first = 0
    for number, kind in enumerate(kinds):
        cohorts: list[Cohort] = []
        for grade in range(kind.first, kind.end):
            cohorts.append(Cohort(grade, first, sizes[number][grade]))
            first += sizes[number][grade]
        found.append(School(number, f"{names[number]} {kind.title}", kind, tuple(cohorts)))
    return tuple(found)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Whole shares of `total` in proportion to the weights, by largest remainder; earlier ones win ties."""
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def _kinds(count: int) -> tuple[Kind, ...]:
    if count in _SMALL:
        return _SMALL[count]
    middle = max(1, (count + 2) // 5)
    high = max(1, count // 5)
    return (ELEMENTARY,) * (count - middle - high) + (MIDDLE,) * middle + (HIGH,) * high


def _names(plan: DistrictPlan) -> list[str]:
    draws = Draws(plan.seed, "school names")
    places = draws.shuffled([f"{first} {last}" for first, last in product(_PLACES_FIRST, _PLACES_LAST)])
    names = draws.shuffled([*draws.shuffled(_PERSONS)[: plan.schools // 8], *places[: plan.schools]])
    while len(names) < plan.schools:
        names.append(f"{places[len(names) % len(places)]} {len(names) // len(places) + 1}")
    return names
