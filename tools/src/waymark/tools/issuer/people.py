"""The demo people whom the sign-in page offers."""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from threading import Lock

import msgspec

# OneRoster's role names in the order of the page, with their headings.
ROLES = {
    "systemAdministrator": "System administrators",
    "districtAdministrator": "District administrators",
    "siteAdministrator": "School administrators",
    "administrator": "Administrators",
    "principal": "Principals",
    "counselor": "Counselors",
    "teacher": "Teachers",
    "aide": "Aides",
    "student": "Students",
    "guardian": "Guardians",
    "parent": "Parents",
    "relative": "Relatives",
}


class PeopleUnreadable(Exception):
    """The people file is not a JSON list of people. Its text names file, place and reason."""


class DemoPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Someone to sign in as: the roster's sourcedId, and what the page says about them."""

    sub: str
    name: str
    role: str
    place: str
    blurb: str = ""


class RoleGroup(msgspec.Struct, frozen=True):
    """The people of one role, under the heading the page gives it."""

    heading: str
    people: tuple[DemoPerson, ...]


def grouped(people: Iterable[DemoPerson]) -> list[RoleGroup]:
    """Group by role, in the order of ROLES, unknown roles last under their own names; people keep their order."""
    order = {role: place for place, role in enumerate(ROLES)}
    ranked = sorted(people, key=lambda person: (order.get(person.role, len(order)), person.role))
    return [RoleGroup(ROLES.get(role, role), tuple(members)) for role, members in groupby(ranked, key=lambda person: person.role)]


def found(people: Iterable[DemoPerson], search: str) -> list[DemoPerson]:
    """Those in whose name, role, school or id every word of the search stands, whatever its case and accents."""
    words = _folded(search).split()
    return [person for person in people if all(word in _described(person) for word in words)]


def _described(person: DemoPerson) -> str:
    return _folded(" ".join([person.name, person.role, ROLES.get(person.role, ""), person.place, person.sub]))


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def read_people(path: Path) -> list[DemoPerson]:
    """Read a JSON list of people; a file that does not exist yet holds nobody. Raises PeopleUnreadable."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[DemoPerson])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PeopleUnreadable(
            f"{path}: {error}; expected is a list of objects with sub, name, role, place and blurb, all texts"
        ) from error


class PeopleFile:
    """The people of a file, read again whenever it changed: the demo district may be made after the issuer has started.

    Raises PeopleUnreadable on the first read; a file that breaks later leaves the people read last in place.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._stamp = self._look()
        self._people: Sequence[DemoPerson] = read_people(path)

    def __call__(self) -> Sequence[DemoPerson]:
        with self._lock:
            stamp = self._look()
            if stamp != self._stamp:
                try:
                    self._people = read_people(self._path)
                except PeopleUnreadable:
                    return self._people  # half-written perhaps: the stamp stays old, so the next call reads again
                self._stamp = stamp
            return self._people

    def _look(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size
