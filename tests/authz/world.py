"""Two districts in the same databases, with the same ids wherever ids can be the same.

What the matrix calls by a letter:

    A   one student: Ann, of class `class-alder` of school `school-north`
    C   two students of class `class-cedar`, the same school
    D   four students of class `class-dogwood` of school `school-south`
    X   eight students of the other district, of its own school, class and template

The other district also has a student with Ann's very id, in a school and a class with the ids of hers, on a template with the
id of hers. Groups are powers of two, so that a count tells whom it counted.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Final

from msgspec import Struct

from tests.authz.programme import Programme
from waymark.events.catalogue import roster
from waymark.events.catalogue.types import Place
from waymark.service.testing import TestDistrict, a_district

SIZES: Final = {"A": 1, "C": 2, "D": 4, "X": 8}
SCHOOLS: Final = {"A": "school-north", "C": "school-north", "D": "school-south", "X": "school-xenial"}
CLASSES: Final = {"A": "class-alder", "C": "class-cedar", "D": "class-dogwood", "X": "class-xylem"}
GRADES: Final = {"A": "03", "C": "04", "D": "05", "X": "06"}
LANGUAGES: Final = {"A": "so", "C": "vi", "D": "uk", "X": "tl"}
HERE, THERE = "Hither", "Yonder"
"""Words that begin every title and name of a district's staff, schools, classes, scales and templates."""


class Student(Struct, frozen=True):
    """A student by id, and the names that betray them in a body."""

    id: str
    given: str
    family: str


class World:
    """The facts, before any service looked at them. `people`: by the name of the kind of caller, the person's id."""

    def __init__(self, folder: Path) -> None:
        self.here = a_district(folder)
        self.there = self.here.neighbour("d2")
        self.people: dict[str, str] = {}
        self.students: dict[str, list[Student]] = {}
        self.imports: dict[str, str] = {}  # by letter; filled by who can import
        self._people_here()
        self._callers_here()
        self._people_there()
        # Somebody of each district who may be forgotten, again and again, without anybody missing them.
        self.leavers = {"P": self.here.person(family=HERE), "Q": self.there.person(family=THERE, subject="leaves-there")}
        self.forgotten = {"F": self.here.person(family=HERE), "G": self.there.person(family=THERE, subject="left-there")}
        self.here.forget(self.forgotten["F"])
        self.there.forget(self.forgotten["G"])
        self.programme = Programme(self.here, self.people["district-administrator"], "districtAdministrator", HERE)
        self.programme_there = Programme(self.there, self.people["administrator-of-another-district"], "districtAdministrator", THERE)
        for letter in "ACD":
            for each in self.students[letter]:
                self.programme.assign(each.id, Place(SCHOOLS[letter], GRADES[letter]))
        self.programme_there.assign(self.first("A"), Place(SCHOOLS["A"], GRADES["A"]))
        for each in self.students["X"]:
            for template in ("shared-template", self.programme_there.own_template):
                self.programme_there.assign(each.id, Place(SCHOOLS["X"], GRADES["X"]), template)

    def first(self, letter: str) -> str:
        """The student who stands for the letter where one is asked for."""
        return self.students[letter][0].id

    def names(self, letters: str) -> frozenset[str]:
        """The names of all students of these letters. T is Ann's twin in the other district."""
        return frozenset(name for letter in letters for each in self.students[letter] for name in (each.given, each.family))

    def ids(self, letters: str) -> frozenset[str]:
        return frozenset(each.id for letter in letters for each in self.students[letter])

    def words_of(self, district: TestDistrict) -> frozenset[str]:
        """What betrays a district to the other: names, words and those ids that only it has."""
        if district is self.here:
            return self.names("ACD") | self.ids("CD") | {SCHOOLS["D"], CLASSES["C"], CLASSES["D"], HERE}
        return self.names("TX") | self.ids("X") | {SCHOOLS["X"], CLASSES["X"], THERE}

    def _people_here(self) -> None:
        for letter in "ACD":
            self.here.school(SCHOOLS[letter], f"{HERE} {SCHOOLS[letter]}")
            self.here.section(CLASSES[letter], SCHOOLS[letter], f"{HERE} {CLASSES[letter]}")
            self.students[letter] = [self._student(self.here, letter, number) for number in range(SIZES[letter])]

    def _callers_here(self) -> None:
        here, north, south = self.here, SCHOOLS["A"], SCHOOLS["D"]
        self.people |= {
            "district-administrator": here.administrator(family=HERE),
            "system-administrator": here.person(("systemAdministrator", "district-office"), family=HERE),
            "site-administrator": here.person(("siteAdministrator", north), family=HERE),
            "principal": here.principal(north, family=HERE),
            "site-administrator-elsewhere": here.person(("siteAdministrator", south), family=HERE),
            "principal-elsewhere": here.principal(south, family=HERE),
            "student": self.first("A"),
            "student-elsewhere": self.first("D"),
            "guardian": here.guardian(self.first("A"), family=HERE),
            "guardian-elsewhere": here.guardian(self.first("D"), family=HERE),
            "counselor": here.counselor(north, family=HERE),
            "aide": here.person(("aide", north), family=HERE),
            "disabled": here.person(("districtAdministrator", "district-office"), enabled=False, family=HERE),
            "deactivated": here.administrator(family=HERE),
            "unknown": "nobody-in-the-roster",
        }
        here.deactivate(self.people["deactivated"])
        for name, letter in (("teacher", "A"), ("co-teacher", "A"), ("teacher-of-another-class", "C"), ("teacher-elsewhere", "D")):
            self._teacher(name, letter)
        yesterday, tomorrow = here.today - timedelta(days=1), here.today + timedelta(days=1)
        self._teacher("former-teacher", "A", end=yesterday)
        self._teacher("teacher-to-come", "A", begin=tomorrow)
        self._teacher("teacher-and-guardian", "C")
        both, gone = self.people["teacher-and-guardian"], here.person(family=HERE)
        here.about(both, roster.RoleGranted(person=both, role="guardian", org="district-office"))
        here.about(both, roster.GuardianLinked(person=both, student=self.first("A")))
        here.about(gone, roster.RoleGranted(person=gone, role="principal", org=north, end=yesterday))
        self.people["former-principal"] = gone

    def _teacher(self, name: str, letter: str, **dates: object) -> None:
        self.people[name] = self.here.teacher(school=SCHOOLS[letter], family=HERE)
        self.here.enrol(self.people[name], CLASSES[letter], "teacher", SCHOOLS[letter], **dates)  # type: ignore[arg-type]  begin or end

    def _people_there(self) -> None:
        there = self.there
        there.school(SCHOOLS["X"], f"{THERE} {SCHOOLS['X']}")
        there.section(CLASSES["X"], SCHOOLS["X"], f"{THERE} {CLASSES['X']}")
        self.students["X"] = [self._student(there, "X", number) for number in range(SIZES["X"])]
        there.school(SCHOOLS["A"], f"{THERE} twin")
        there.section(CLASSES["A"], SCHOOLS["A"], f"{THERE} twin")
        self.students["T"] = [self._twin_of_ann()]
        # No subject of this district is one of the other's: a token with the wrong district names nobody.
        self.people["administrator-of-another-district"] = there.administrator(subject="only-there", family=THERE)

    def _student(self, district: TestDistrict, letter: str, number: int) -> Student:
        given, family = f"Given{letter}{number}qx", f"Family{letter}{number}qx"
        who = {"given": given, "family": family, "subject": f"student-{letter}{number}"}
        student = district.student(SCHOOLS[letter], GRADES[letter], LANGUAGES[letter], **who)
        district.enrol(student, CLASSES[letter], "student", SCHOOLS[letter])
        return Student(student, given, family)

    def _twin_of_ann(self) -> Student:
        there, twin = self.there, Student(self.first("A"), "GivenT0qx", "FamilyT0qx")
        texts = [(twin.id, "given", twin.given), (twin.id, "family", twin.family), (twin.id, "source_id", "twin")]
        given, family, source = there.keyring.seal_many(texts)
        there.about(
            twin.id,
            roster.PersonRecorded(person=twin.id, given=given, family=family, source_id=source, login="twin", digest="twin"),
            roster.RoleGranted(person=twin.id, role="student", org=SCHOOLS["A"]),
        )
        there.place(twin.id, SCHOOLS["A"], GRADES["A"], LANGUAGES["A"])
        there.enrol(twin.id, CLASSES["A"], "student", SCHOOLS["A"])
        return twin
