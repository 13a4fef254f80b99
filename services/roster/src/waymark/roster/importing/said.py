"""What a package says of one person, as it lies in the staging file and as it is put together again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, Literal, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from waymark.roster.domain.person import Enrolment, RoleHeld
from waymark.roster.importing.mentions import Mentions, Standing
from waymark.roster.staging.rows import StagedRow

T = TypeVar("T", RoleHeld, Enrolment)
Extent = Literal["whole", "part"]
"""Whether what a file does not name is gone."""

USER, ROLE, ROLE_GONE, ROLES_KEPT, ENROLMENT, ENROLMENT_GONE, ENROLMENTS_KEPT, CHILD, LANGUAGE, AGENT = range(10)
"""Kinds of staged rows. ..._GONE is marked deleted; ..._KEPT: a row was refused, so that nothing of the kind may end."""


class User(Struct, frozen=True, array_like=True):
    """A row of users.csv. `who` is an Identity, sealed for this run; `org` says which organisation the roster calls primary."""

    who: bytes
    login: str
    enabled: bool
    grade: str
    org: str | None


class Identity(Struct, frozen=True, array_like=True):
    """Who a person is, in clear: only in memory. `family` is the preferred family name where there is one."""

    given: str
    family: str
    preferred: str
    email: str
    number: str
    source: str


class HeldRow(Struct, frozen=True, array_like=True):
    """A role, and whether the roster calls it the person's primary one."""

    held: RoleHeld
    primary: bool


encode = msgspec.msgpack.Encoder().encode
_user = msgspec.msgpack.Decoder(User).decode
_held = msgspec.msgpack.Decoder(HeldRow).decode
_enrolment = msgspec.msgpack.Decoder(Enrolment).decode


class Coverage(Struct, frozen=True, kw_only=True):
    """How far the package's silence speaks. `roles` user: they stand in the users' rows (1.1)."""

    users: Mentions
    roles: Literal["whole", "part", "user"]
    enrolments: Extent
    languages: Extent


class Told(Struct, Generic[T], frozen=True):
    """Roles or enrolments: those that stand, the keys of those marked deleted, and whether what is not named is gone."""

    rows: tuple[T, ...]
    deleted: frozenset[tuple[str, str]]
    whole: bool

    def onto(self, known: Sequence[T]) -> tuple[T, ...]:
        """What stands once this is said. A thing named twice lasts from its first day to its last."""
        before = () if self.whole else known
        standing = {each.key: each for each in before if each.key not in self.deleted}
        said: dict[tuple[str, str], T] = {}
        for each in self.rows:
            said[each.key] = _joined(said[each.key], each) if each.key in said else each
        return tuple((standing | said).values())


class Said(Struct, frozen=True, kw_only=True):
    """Everything a package says of a person. `number` is the row of users.csv (0: none)."""

    standing: Standing
    number: int
    user: User | None
    roles: Told[RoleHeld]
    primary: tuple[str, ...]
    enrolments: Told[Enrolment]
    children: tuple[str, ...]
    language: str | None


def said_of(person: str, rows: Iterable[StagedRow], coverage: Coverage) -> Said:
    """Put a person's staged rows together."""
    number, user, language = 0, None, None
    roles: list[HeldRow] = []
    enrolments: list[Enrolment] = []
    ended: dict[int, set[tuple[str, str]]] = {ROLE_GONE: set(), ENROLMENT_GONE: set()}
    kept: set[int] = set()
    children: list[str] = []
    for kind, row, body in rows:
        if kind == ENROLMENT:
            enrolments.append(_enrolment(body))
        elif kind == ROLE:
            roles.append(_held(body))
        elif kind == USER:
            number, user = row, _user(body)
        elif kind == CHILD:
            children.append(body.decode())
        elif kind == LANGUAGE:
            language = body.decode()
        elif kind == ROLE_GONE:
            ended[kind].add(_held(body).held.key)
        elif kind == ENROLMENT_GONE:
            ended[kind].add(_enrolment(body).key)
        else:
            kept.add(kind)
    standing = coverage.users.standing(person)
    roles_whole = standing == "present" if coverage.roles == "user" else coverage.roles == "whole"
    return Said(
        standing=standing,
        number=number,
        user=user,
        roles=Told(tuple(each.held for each in roles), frozenset(ended[ROLE_GONE]), roles_whole and ROLES_KEPT not in kept),
        primary=tuple(each.held.org for each in roles if each.primary and each.held.role == "student"),
        enrolments=Told(
            tuple(enrolments), frozenset(ended[ENROLMENT_GONE]), coverage.enrolments == "whole" and ENROLMENTS_KEPT not in kept
        ),
        children=tuple(dict.fromkeys(children)),
        language="" if language is None and coverage.languages == "whole" else language,
    )


def _joined(first: T, second: T) -> T:
    begin = None if first.begin is None or second.begin is None else min(first.begin, second.begin)
    end = None if first.end is None or second.end is None else max(first.end, second.end)
    joined = replace(first, begin=begin, end=end)
    if isinstance(joined, Enrolment) and isinstance(second, Enrolment):
        return replace(joined, primary=joined.primary or second.primary)
    return joined
