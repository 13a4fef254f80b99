"""Who asks, and what they may reach: the first argument of every question, with a reason for every grant."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final, cast

from msgspec import Struct
from msgspec.structs import force_setattr

from waymark.events.catalogue.types import Author, Role

ADMINISTRATORS: Final = ("districtAdministrator", "systemAdministrator")
"""All schools of the district."""
SCHOOL_ADMINISTRATORS: Final = ("siteAdministrator", "principal")
"""The schools at which they hold the role."""
EDUCATORS: Final = (*ADMINISTRATORS, *SCHOOL_ADMINISTRATORS, "teacher", "counselor")
GUARDIANS: Final = ("guardian", "parent", "relative")


class NotFound(Exception):
    """There is no such thing, or the caller's scope does not reach it: nobody is told which."""


class RoleMayNot(Exception):
    """The caller sees the thing, but nobody in their roles may do this to it. `roles` are those who may."""

    def __init__(self, roles: Iterable[str]) -> None:
        super().__init__("the caller's roles may never do this")
        self.roles = tuple(roles)


class Grant(Struct, frozen=True):
    """Through which role whom is reached, and why.

    `students` null: every student of the district. `schools`: those whose lists and filters the role opens; null: all.
    """

    role: Role
    reason: str
    students: frozenset[str] | None = None
    schools: frozenset[str] | None = None

    def reaches(self, student: str) -> bool:
        return self.students is None or student in self.students


class Scope(Struct, frozen=True, kw_only=True):
    """What one person may reach in one district, today.

    `roles` are those held today; `grants` stand in the order in which they speak for the caller (widest first);
    `sections` are the classes the person teaches today. `students` and `schools` are the union of the grants; null: all.
    """

    district: str
    person: str
    roles: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    sections: frozenset[str] = frozenset()
    everyone: bool = False
    students: frozenset[str] | None = None
    schools: frozenset[str] | None = None

    def __post_init__(self) -> None:
        # Derived from the grants alone, whatever was passed: a scope cannot reach further than its reasons.
        everyone = any(each.students is None for each in self.grants)
        force_setattr(self, "everyone", everyone)
        force_setattr(self, "students", None if everyone else _union(each.students for each in self.grants))
        everywhere = any(each.schools is None for each in self.grants)
        force_setattr(self, "schools", None if everywhere else _union(each.schools for each in self.grants))

    @property
    def administered(self) -> frozenset[str] | None:
        """The schools the caller administers; null: all of them."""
        if self.everyone:
            return None
        return _union(each.schools for each in self.grants if each.role in SCHOOL_ADMINISTRATORS)

    def administers(self, school: str) -> bool:
        administered = self.administered
        return administered is None or school in administered

    def reaches(self, student: str) -> bool:
        """Whether anything about this student may be seen."""
        return self.students is None or student in self.students

    def reach(self, student: str) -> str:
        """The student's id. Raises NotFound when the scope does not reach it."""
        if not self.reaches(student):
            raise NotFound(student)
        return student

    def why(self, student: str) -> str:
        """The reason for which the student is reached. Raises NotFound."""
        return self._grant(student).reason

    def author(self, student: str | None = None) -> Author:
        """The caller as an author, in the role that reaches the student (without one: the widest role held).

        Raises NotFound when the student is out of reach, RoleMayNot when the caller holds no role at all.
        """
        if student is not None:
            return Author(self.person, self._grant(student).role)
        if self.grants:
            return Author(self.person, self.grants[0].role)
        if self.roles:
            return Author(self.person, cast(Role, self.roles[0]))
        raise RoleMayNot(EDUCATORS)

    def holds(self, *roles: str) -> bool:
        """Whether any of these roles is held today."""
        return any(each in roles for each in self.roles)

    def require(self, *roles: str) -> None:
        """Raises RoleMayNot unless one of these roles is held today."""
        if not self.holds(*roles):
            raise RoleMayNot(roles)

    def digest(self) -> str:
        """The same for equal scopes in every process: what an answer's ETag stands on."""
        content = repr(
            (
                self.district,
                self.person,
                self.roles,
                [(each.role, _sorted(each.students), _sorted(each.schools)) for each in self.grants],
                sorted(self.sections),
            )
        )
        return hashlib.blake2b(content.encode(), digest_size=12).hexdigest()

    def _grant(self, student: str) -> Grant:
        for each in self.grants:
            if each.reaches(student):
                return each
        raise NotFound(student)


def _union(sets: Iterable[frozenset[str] | None]) -> frozenset[str]:
    return frozenset[str]().union(*(each for each in sets if each is not None))


def _sorted(members: frozenset[str] | None) -> list[str] | None:
    return None if members is None else sorted(members)
