"""The people of one family: names that belong together."""

from typing import Literal, NamedTuple

from waymark.tools.district.draws import Draws
from waymark.tools.district.families import Families
from waymark.tools.district.languages import ENGLISH, LanguageMix
from waymark.tools.district.names import FamilyNames, Name, Naming, Sex, naming_of

GuardianRole = Literal["parent", "guardian", "relative"]

STAFF_ENGLISH_PER_THOUSAND = 850


class Person(NamedTuple):
    """One person's names and sex."""

    given: Name
    family: Name
    middle: Name | None
    sex: Sex


class Guardian(NamedTuple):
    """A guardian and what they are to the children."""

    person: Person
    role: GuardianRole


class Household(NamedTuple):
    """The guardians and children of a family, each in the order of their numbers. Siblings share guardians and family name."""

    guardians: tuple[Guardian, ...]
    children: tuple[Person, ...]


def household(seed: int, families: Families, family: int) -> Household:
    """The people of a family: the same ones whenever they are asked for."""
    draws = Draws(seed, "household", family)
    naming = naming_of(families.languages[family])
    names = naming.family(draws)
    guardians = _guardians(draws, naming, names, len(families.guardians_of(family)))
    taken = (names.father_given,) if names.father_given else ()
    children: list[Person] = []
    for _ in families.children(family):
        sex = _sex(draws)
        given = naming.given(draws, sex, (*taken, *(child.given for child in children)))
        children.append(Person(given, names.children.of(sex), _middle(draws, naming, sex), sex))
    return Household(guardians, tuple(children))


def staff_member(seed: int, mix: LanguageMix, kind: str, number: int) -> Person:
    """A member of staff; more of them have English names than of the families."""
    draws = Draws(seed, "staff", kind, number)
    naming = naming_of(mix.draw(draws, STAFF_ENGLISH_PER_THOUSAND))
    sex: Sex = "male" if draws.chance(300) else "female"
    return Person(naming.given(draws, sex), naming.surname(draws).of(sex), _middle(draws, naming, sex), sex)


def _guardians(draws: Draws, naming: Naming, names: FamilyNames, count: int) -> tuple[Guardian, ...]:
    father = Person(names.father_given or naming.given(draws, "male"), names.father.male, None, "male")
    mother = Person(naming.given(draws, "female"), names.mother.female, None, "female")
    if count == 2:
        if draws.chance(20):
            second = Person(naming.given(draws, "female", (mother.given,)), naming.surname(draws).female, None, "female")
            return Guardian(mother, "parent"), Guardian(second, "parent")
        return Guardian(mother, "parent"), Guardian(father, "parent")
    if count == 1:
        if draws.chance(120):
            sex = _sex(draws)
            kin = Person(naming.given(draws, sex, (father.given, mother.given)), names.mother.of(sex), None, sex)
            return (Guardian(kin, "relative" if draws.chance(250) else "guardian"),)
        return (Guardian(father if draws.chance(220) else mother, "parent"),)
    return ()


def _sex(draws: Draws) -> Sex:
    return "female" if draws.chance(490) else "male"


def _middle(draws: Draws, naming: Naming, sex: Sex) -> Name | None:
    return naming.given(draws, sex) if naming is naming_of(ENGLISH) and draws.chance(600) else None
