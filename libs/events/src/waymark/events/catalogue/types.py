"""Shapes that events of several services share."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

Role = Literal[
    "districtAdministrator",
    "systemAdministrator",
    "siteAdministrator",
    "principal",
    "counselor",
    "teacher",
    "aide",
    "proctor",
    "student",
    "guardian",
    "parent",
    "relative",
]
"""A person's role, in OneRoster 1.2's words."""


class Sealed(Struct, frozen=True, gc=False):
    """Personal text at rest: AES-GCM under the key of the person it is about (additional data: person and field).

    Without that key it decodes to `redacted`. `about` is a person id, `box` nonce and ciphertext (base64 in JSON).
    """

    about: str
    box: bytes


class Author(Struct, frozen=True, gc=False):
    """Who said it, and in which role (P39)."""

    person: str
    role: Role


class Place(Struct, frozen=True, gc=False):
    """Where a student goes to school: an organisation id and a grade code (CEDS: KG, 01 ... 12)."""

    school: str
    grade: str


class Cell(Struct, frozen=True, gc=False):
    """What one student's item counts as on a day: a bar's segment, a place and whether it is hidden.

    `value` is null (not yet updated, or hidden beneath nothing), a scale's level code, a number of points, or true for text.
    """

    school: str
    grade: str
    hidden: bool
    value: int | float | bool | None


class Span(Struct, frozen=True, gc=False):
    """A run of days on which an event changed an item's cell: `since` inclusive, `until` exclusive (null: for good).

    Readers fold -was +now at `since` and +was -now at `until`. `item` is "" for the plan itself, "overall", or an item id.
    A null cell means that the student counts nowhere on those days.
    """

    item: str
    since: date
    until: date | None
    was: Cell | None
    now: Cell | None
