"""What is asked of the generator, and what it refuses."""

from dataclasses import dataclass, field
from datetime import date, datetime
from math import isqrt

from waymark.tools.district.languages import LANGUAGES

MOST_SCHOOLS = 999
MOST_STUDENTS = 999_999
LEAST_STUDENTS_A_SCHOOL = 20
STUDENTS_A_LANGUAGE = 4


class PlanRefused(ValueError):
    """No such district can be generated. `field` is the field of the plan, the text says why and what is allowed."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field


def _local_today() -> date:
    return datetime.now().astimezone().date()


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictPlan:
    """The district to generate. Two equal plans give the same package. Raises PlanRefused.

    `students` is the exact number of students. `languages` is the exact number of home languages among them; left out, it grows with the
    square root of the students. `today` chooses the school year (1 July to 30 June) that contains it.
    """

    seed: int = 1
    schools: int = 2
    students: int = 600
    languages: int | None = None
    today: date = field(default_factory=_local_today)

    def __post_init__(self) -> None:
        if not 1 <= self.schools <= MOST_SCHOOLS:
            raise PlanRefused("schools", f"{self.schools} is not allowed; 1 to {MOST_SCHOOLS} are")
        least = LEAST_STUDENTS_A_SCHOOL * self.schools
        if not least <= self.students <= MOST_STUDENTS:
            raise PlanRefused("students", f"{self.students} is not allowed for {self.schools} schools; {least} to {MOST_STUDENTS} are")
        most = min(len(LANGUAGES), self.students // STUDENTS_A_LANGUAGE)
        if self.languages is not None and not 1 <= self.languages <= most:
            raise PlanRefused("languages", f"{self.languages} is not allowed for {self.students} students; 1 to {most} are")
        if not 1901 <= self.today.year <= 9998:
            raise PlanRefused("today", f"{self.today} is not allowed; the years 1901 to 9998 are")

    @property
    def language_count(self) -> int:
        """How many home languages the district has, English among them."""
        if self.languages is not None:
            return self.languages
        return min(len(LANGUAGES), isqrt(self.students), self.students // STUDENTS_A_LANGUAGE)

    @property
    def starting_year(self) -> int:
        """The calendar year in which the school year starts."""
        return self.today.year if self.today.month >= 7 else self.today.year - 1

    @classmethod
    def reference(cls, *, seed: int = 1, today: date | None = None) -> "DistrictPlan":
        """The reference district: 95,000 students in 168 schools, 139 home languages."""
        return cls(seed=seed, schools=168, students=95_000, languages=139, today=today or _local_today())
