"""Families are like families: shared guardians, names of one origin, ages that fit."""

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from unicodedata import name as character_name

import pytest

from tests.unit.tools.district_package import Rows, listed, plan, rows, students, written
from waymark.tools.district.names import namings

GRADES = ["KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"]


@pytest.fixture(scope="module")
def tables() -> dict[str, Rows]:
    return rows(written(plan(schools=4, students=2400, languages=139)))


@pytest.fixture(scope="module")
def siblings(tables: dict[str, Rows]) -> list[list[dict[str, str]]]:
    found: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for student in students(tables):
        if student["agentSourcedIds"]:
            found[student["agentSourcedIds"]].append(student)
    return list(found.values())


def script(text: str) -> str:
    """The script of the first letter; kana count as CJK, as Japanese names mix them."""
    first = character_name(next(letter for letter in text if letter.isalpha())).split()[0]
    return "CJK" if first == "HIRAGANA" else first


def test_guardian_links_are_symmetric(tables: dict[str, Rows]):
    agents = {user["sourcedId"]: set(listed(user["agentSourcedIds"])) for user in tables["users"]}
    assert all(user in agents[agent] for user, linked in agents.items() for agent in linked)
    guardians = {role["userSourcedId"] for role in tables["roles"] if role["role"] in {"parent", "guardian", "relative"}}
    pupils = {student["sourcedId"] for student in students(tables)}
    assert all(agents[guardian] and agents[guardian] <= pupils for guardian in guardians)
    assert all(agents[student] <= guardians for student in pupils)


def test_children_have_two_guardians_or_one_or_none(tables: dict[str, Rows]):
    counts = Counter(len(listed(student["agentSourcedIds"])) for student in students(tables))
    assert counts.keys() == {0, 1, 2}
    assert counts[2] > counts[1] > counts[0]


def test_siblings_have_names_in_one_script_no_given_name_twice_and_one_home_language(tables: dict[str, Rows], siblings: list[Rows]):
    language = {row["sourcedId"]: row["metadata.homeLanguage"] for row in tables["demographics"]}
    users = {user["sourcedId"]: user for user in tables["users"]}
    for family in siblings:
        guardians = [users[guardian] for guardian in listed(family[0]["agentSourcedIds"])]
        assert len({script(person[column]) for person in [*family, *guardians] for column in ("givenName", "familyName")}) == 1
        assert len({child["givenName"] for child in family}) == len(family)
        assert len({language[child["sourcedId"]] for child in family}) == 1


def test_siblings_share_a_family_name_in_the_form_of_their_sex(tables: dict[str, Rows], siblings: list[Rows]):
    sex = {row["sourcedId"]: row["sex"] for row in tables["demographics"]}
    by_sex = [{(sex[child["sourcedId"]], child["familyName"]) for child in family} for family in siblings if len(family) > 1]
    assert all(len({one for one, _ in names}) == len(names) for names in by_sex)


def test_names_come_in_many_scripts_and_are_spelt_in_latin_letters_too(tables: dict[str, Rows]):
    found = {script(student["givenName"]) for student in students(tables)}
    assert found >= {
        "LATIN",
        "ARABIC",
        "CYRILLIC",
        "CJK",
        "DEVANAGARI",
        "ETHIOPIC",
        "MYANMAR",
        "HANGUL",
        "THAI",
        "HEBREW",
        "GREEK",
        "TAMIL",
    }
    preferred = [user for user in students(tables) if user["preferredGivenName"]]
    assert preferred
    assert all(user["preferredGivenName"].isascii() and script(user["givenName"]) != "LATIN" for user in preferred)


def test_every_name_of_every_pool_has_letters_for_a_username():
    for naming in namings().values():
        surnames = [name for surname in naming.surnames for name in surname]
        assert len(naming.female) >= 8
        assert len(naming.male) >= 8
        assert surnames or naming.custom == "patronymic", naming.key
        for name in [*naming.female, *naming.male, *surnames]:
            assert name.slug, (naming.key, name)
            assert name.latin.isascii()


def test_a_students_age_fits_the_grade_and_twins_are_born_on_one_day(tables: dict[str, Rows], siblings: list[Rows]):
    born = {row["sourcedId"]: date.fromisoformat(row["birthDate"]) for row in tables["demographics"]}
    for student in students(tables):
        first = 2026 - 6 - GRADES.index(student["grades"])
        assert date(first, 8, 2) <= born[student["sourcedId"]] <= date(first + 1, 8, 1)
    for family in siblings:
        days = sorted({born[child["sourcedId"]] for child in family})
        assert len(days) == len({child["grades"] for child in family})
        assert all((later - earlier).days > 270 for earlier, later in pairwise(days))


def test_seven_families_in_ten_speak_english_and_spanish_is_next():
    found = rows(written(plan(schools=4, students=3000)))
    shares = Counter(row["metadata.homeLanguage"] for row in found["demographics"])
    assert 0.65 < shares["en"] / 3000 < 0.74
    assert [tag for tag, _ in shares.most_common(2)] == ["en", "es"]
    assert shares["es"] > 3 * shares.most_common(3)[2][1]
    assert {"ar", "so", "ne", "sw"} <= {tag for tag, _ in shares.most_common(10)}
