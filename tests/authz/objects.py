"""What the letters of the matrix stand for, and ids that stand for nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.authz.programme import SHARED_SCALE, SHARED_TEMPLATE
from tests.authz.world import CLASSES, GRADES, LANGUAGES, SCHOOLS, SIZES, World

ABSENT = "0" * 31 + "e"
"""An id as good as any, of nothing."""
UNUSABLE = ("x" * 255, "a%20b", "$ne")
"""Ids that no object could have."""


def objects(world: World, kind: str) -> Mapping[str, str]:
    """By letter, the ids of one kind of object."""
    here, there = world.programme, world.programme_there
    match kind:
        case "student":
            return {letter: world.first(letter) for letter in SIZES}
        case "plan":
            return {letter: f"{SHARED_TEMPLATE}.{world.first(letter)}" for letter in SIZES}
        case "section":
            return CLASSES
        case "school":
            return {letter: SCHOOLS[letter] for letter in "ADX"}
        case "scale":
            return {"S": SHARED_SCALE, "H": here.own_scale, "Y": there.own_scale}
        case "template":
            return {"S": SHARED_TEMPLATE, "H": here.own_template, "Y": there.own_template}
        case "draft":
            return {"U": here.own_draft, "V": there.own_draft}
        case "grade":
            return GRADES
        case "language":
            return LANGUAGES
        case "import":
            return world.imports
        case "person":
            return world.leavers
        case "erased":
            return world.forgotten
        case _:
            raise ValueError(kind)


def absent(world: World, kind: str, there: bool = False) -> tuple[str, ...]:
    """Ids of nothing, for somebody of this (or the other) district."""
    if kind != "plan":
        return ABSENT, *UNUSABLE
    ann = world.first("A")
    stranger = world.programme if there else world.programme_there
    templates = (ABSENT, world.programme.own_draft, stranger.own_template, "x" * 255)
    students = (ABSENT, "$ne", "", f"{ann}.{ann}")
    return (*(f"{each}.{ann}" for each in templates), *(f"{SHARED_TEMPLATE}.{each}" for each in students), SHARED_TEMPLATE)


def shown(world: World, kind: str, body: str, there: bool) -> set[str]:
    """The letters of those objects of a kind that a body shows to somebody of this (or the other) district."""
    if kind == "student":
        return students_in(world, body, there)
    return {letter for letter, ident in objects(world, kind).items() if re.search(rf'[".]{re.escape(ident)}"', body)}


def students_in(world: World, body: str, there: bool) -> set[str]:
    """The letters of those students whom a body names. In the other district Ann is somebody else."""
    letters = {"T": "A", "X": "X"} if there else {letter: letter for letter in "ACD"}
    return {letter for mark, letter in letters.items() if any(word in body for word in world.names(mark) | world.ids(mark))}


def weight(letters: str) -> int:
    """How many students these letters are."""
    return sum(SIZES[letter] for letter in letters if letter in SIZES)
