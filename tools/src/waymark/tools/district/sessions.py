"""The school year and its parts."""

from datetime import date
from typing import NamedTuple

from waymark.tools.district.plan import DistrictPlan


class Session(NamedTuple):
    """One academic session. `end` is the first day that no longer belongs to it, as OneRoster means endDate."""

    sourced_id: str
    title: str
    type: str
    start: date
    end: date
    parent: str


class SchoolYear(NamedTuple):
    """The year, its two semesters and their four grading periods: without a gap, so that every day has each of them."""

    name: str
    year: Session
    semesters: tuple[Session, Session]
    grading_periods: tuple[Session, ...]

    @property
    def sessions(self) -> tuple[Session, ...]:
        return (self.year, *self.semesters, *self.grading_periods)


def school_year(plan: DistrictPlan) -> SchoolYear:
    """The school year that contains the plan's today."""
    first = plan.starting_year
    key = f"ses-{first}"
    limits = (date(first, 7, 1), date(first, 10, 16), date(first + 1, 1, 1), date(first + 1, 3, 16), date(first + 1, 7, 1))
    year = Session(key, f"{first}-{first + 1}", "schoolYear", limits[0], limits[4], "")
    fall = Session(f"{key}-s1", f"Semester 1 {first}-{first + 1}", "semester", limits[0], limits[2], key)
    spring = Session(f"{key}-s2", f"Semester 2 {first}-{first + 1}", "semester", limits[2], limits[4], key)
    periods = tuple(
        Session(f"{key}-q{n + 1}", f"Quarter {n + 1}", "gradingPeriod", limits[n], limits[n + 1], (fall if n < 2 else spring).sourced_id)
        for n in range(4)
    )
    return SchoolYear(str(first + 1), year, (fall, spring), periods)
