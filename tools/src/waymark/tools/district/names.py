"""Names by naming custom, in their own script and in Latin letters."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple, cast
from unicodedata import normalize

from waymark.tools.district.draws import Draws
from waymark.tools.district.languages import LANGUAGES
from waymark.tools.district.pools import lines

Sex = Literal["female", "male"]
Custom = Literal["shared", "kept", "double", "patronymic"]

_NOT_DECOMPOSED = str.maketrans(
    {"đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "Æ": "Ae", "ı": "i", "ð": "d", "þ": "th"}
)


class Name(NamedTuple):
    """One name: as its bearer writes it, and in plain Latin letters. `native == latin` where the script is Latin without marks."""

    native: str
    latin: str

    @property
    def slug(self) -> str:
        """Lower-case ASCII letters only, for user names and addresses."""
        return re.sub(r"[^a-z]", "", self.latin.lower())

    @property
    def in_latin_script(self) -> bool:
        """Whether the bearer writes it in Latin letters, with marks or without."""
        return any(letter.isalpha() for letter in fold(self.native))


class Surname(NamedTuple):
    """A family name in the form that men and the form that women of the family bear."""

    male: Name
    female: Name

    def of(self, sex: Sex) -> Name:
        return self.male if sex == "male" else self.female


class FamilyNames(NamedTuple):
    """The family names of a household, and the father's given name where the children are called after it."""

    father: Surname
    mother: Surname
    children: Surname
    father_given: Name | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """How people of one origin are named: the custom by which family names pass on, and the pools, the commonest first."""

    key: str
    custom: Custom
    ancestry: str
    female: tuple[Name, ...]
    male: tuple[Name, ...]
    surnames: tuple[Surname, ...]

    def given(self, draws: Draws, sex: Sex, taken: tuple[Name, ...] = ()) -> Name:
        """A given name that nobody in `taken` bears."""
        pool = self.male if sex == "male" else self.female
        while (name := draws.pick_early(pool)) in taken:
            pass
        return name

    def surname(self, draws: Draws) -> Surname:
        """A family name, drawn without regard to relatives."""
        if self.custom == "patronymic":
            return _same(draws.pick_early(self.male))
        first = draws.pick_early(self.surnames)
        return _joined(first, draws.pick_early(self.surnames)) if self.custom == "double" else first

    def family(self, draws: Draws) -> FamilyNames:
        """The family names of a father, a mother and their children."""
        if self.custom == "patronymic":
            given = draws.pick_early(self.male)
            return FamilyNames(self.surname(draws), self.surname(draws), _same(given), given)
        father, mother = draws.pick_early(self.surnames), draws.pick_early(self.surnames)
        if self.custom == "double":
            fathers, mothers = _joined(father, draws.pick_early(self.surnames)), _joined(mother, draws.pick_early(self.surnames))
            return FamilyNames(fathers, mothers, _joined(father, mother))
        if self.custom == "shared" and not draws.chance(200):
            mother = father
        return FamilyNames(father, mother, father)


def naming_of(language: int) -> Naming:
    """The naming custom of the families that speak a language, given by its index."""
    return namings()[LANGUAGES[language].naming]


@cache
def namings() -> dict[str, Naming]:
    """All pools by key."""
    found: dict[str, Naming] = {}
    for part in ("names-americas-europe.txt", "names-africa-middle-east.txt", "names-asia-pacific.txt"):
        block: list[str] = []
        for line in [*lines(part), "["]:
            if line.startswith("[") and block:
                naming = _naming(block)
                found[naming.key] = naming
                block = []
            block.append(line)
    return found


def _naming(block: list[str]) -> Naming:
    key, custom, ancestry = block[0].strip("[]").split()
    pools = {line[0]: line[2:].split() for line in block[1:]}
    return Naming(
        key,
        cast("Custom", custom),
        ancestry,
        tuple(_name(token) for token in pools["f"]),
        tuple(_name(token) for token in pools["m"]),
        tuple(_surname(token) for token in pools.get("s", [])),
    )


def _name(token: str) -> Name:
    latin, _, native = token.replace("_", " ").partition("=")
    return Name(native, latin) if native else Name(latin, fold(latin))


def _surname(token: str) -> Surname:
    male, _, female = token.partition("|")
    return Surname(_name(male), _name(female or male))


def _same(name: Name) -> Surname:
    return Surname(name, name)


def _joined(first: Surname, second: Surname) -> Surname:
    return _same(Name(f"{first.male.native} {second.male.native}", f"{first.male.latin} {second.male.latin}"))


def fold(text: str) -> str:
    """Latin text without its marks."""
    decomposed = normalize("NFKD", text.translate(_NOT_DECOMPOSED))
    return decomposed.encode("ascii", "ignore").decode()
