"""The demographics of students: ages that fit their grades, origins that fit their families."""

from collections.abc import Iterator
from datetime import date, timedelta

from waymark.tools.district.district import District
from waymark.tools.district.draws import Draws
from waymark.tools.district.households import household
from waymark.tools.district.languages import ENGLISH
from waymark.tools.district.names import naming_of
from waymark.tools.district.people import student_id

RACES = ("native", "asian", "black", "pacific", "white")
STATES = ("KY", "KY", "KY", "KY", "KY", "KY", "IN", "OH", "TN", "TX", "CA", "NY")
# Codes of the Common Education Data Standards: resident of the school's area; of the district but another school's area.
RESIDENT, RESIDENT_ELSEWHERE = "01652", "01653"
# Siblings are born within this many days of the same time of year, so at least nine months apart.
BIRTHDAY_SPREAD = 40


def demographics(district: District) -> Iterator[tuple[str, ...]]:
    """One row a student, family by family."""
    families = district.families
    seed = district.plan.seed
    for family in range(len(families)):
        draws = Draws(seed, "demographics", family)
        language = district.language(family)
        races, hispanic = _origin(draws, naming_of(families.languages[family]).ancestry)
        flags = tuple(_flag(race in races) for race in RACES)
        origin = (*flags, _flag(len(races) > 1), _flag(hispanic))
        season = draws.below(365)
        birthdays: dict[int, str] = {}
        for student, person in zip(families.children(family), household(seed, families, family).children, strict=True):
            grade = district.grade_of[student]
            if grade not in birthdays:
                birthdays[grade] = _birthday(draws, district.plan.starting_year - 6 - grade, season)
            abroad = families.languages[family] != ENGLISH and draws.chance(400)
            born = (language.country, "", "") if abroad else ("US", draws.pick(STATES), "")
            resident = RESIDENT_ELSEWHERE if draws.chance(80) else RESIDENT
            yield (student_id(student), "", "", birthdays[grade], person.sex, *origin, *born, resident, language.tag)


def _birthday(draws: Draws, year: int, season: int) -> str:
    """A day of the twelve months from 2 August of `year` on: who was born in them has the right age for the grade."""
    day = season + draws.below(2 * BIRTHDAY_SPREAD + 1) - BIRTHDAY_SPREAD
    return (date(year, 8, 2) + timedelta(days=min(max(day, 0), 364))).isoformat()


def _origin(draws: Draws, ancestry: str) -> tuple[set[str], bool]:
    if ancestry == "hispanic":
        drawn = draws.below(100)
        return ({"white"} if drawn < 50 else {"native"} if drawn < 60 else set()), True
    if ancestry != "any":
        return {ancestry}, False
    drawn = draws.below(100)
    for limit, races, hispanic in (
        (52, {"white"}, False),
        (86, {"black"}, False),
        (90, {"white"}, True),
        (92, {"asian"}, False),
        (93, {"native"}, False),
    ):
        if drawn < limit:
            return races, hispanic
    return {"white", draws.pick(("black", "asian", "native"))}, False


def _flag(value: bool) -> str:
    return "true" if value else "false"
