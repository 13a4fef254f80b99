"""Organisations and classes: said once, said again where they differ, gone once, and back when a package names them again."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from waymark.events.catalogue.roster import ClassRetired, OrganisationRetired
from waymark.roster.domain import organisation, section
from waymark.roster.domain.organisation import Kind
from waymark.roster.domain.section import Described

SAID = Described(
    section="c1",
    title="Maths",
    code="M1",
    course="maths",
    kind="scheduled",
    school="north",
    grades=("03",),
    begin=date(2026, 8, 1),
    end=date(2027, 6, 1),
)
CHANGED: list[dict[str, Any]] = [
    {"title": "Reading"},
    {"code": ""},
    {"course": "reading"},
    {"kind": "homeroom"},
    {"school": "south"},
    {"grades": ("03", "04")},
    {"begin": None},
    {"end": None},
]


def after(evolve: Callable[[Any, Any], Any], known: Any, events: list[Any]) -> Any:
    for event in events:
        known = evolve(known, event)
    return known


def school(known: Any, name: str = "North", kind: Kind = "school", parent: str | None = "d") -> list[Any]:
    return organisation.record(known, "north", name, kind, parent)


def test_an_organisation_is_said_once_and_again_where_it_differs() -> None:
    known = after(organisation.evolve, None, school(None))
    assert (known.kind, known.active) == ("school", True)
    assert school(known) == []
    for changed in (school(known, name="Northern"), school(known, kind="department"), school(known, parent=None)):
        assert len(changed) == 1


def test_an_organisation_is_gone_once_and_comes_back_when_it_is_named_again() -> None:
    known = after(organisation.evolve, None, school(None))
    assert organisation.retire(known, "north") == [OrganisationRetired(org="north")]
    gone = after(organisation.evolve, known, organisation.retire(known, "north"))
    assert not gone.active
    assert organisation.retire(gone, "north") == organisation.retire(None, "north") == []
    assert after(organisation.evolve, gone, school(gone)).active
    assert organisation.evolve(None, OrganisationRetired(org="north")) is None


@pytest.mark.parametrize("changed", CHANGED, ids=[next(iter(each)) for each in CHANGED])
def test_a_class_is_said_once_and_again_where_it_differs(changed: dict[str, Any]) -> None:
    known = after(section.evolve, None, section.record(None, SAID))
    assert (known.school, known.course, known.begin, known.end) == ("north", "maths", SAID.begin, SAID.end)
    assert section.record(known, SAID) == []
    other = replace(SAID, **changed)
    again = after(section.evolve, known, section.record(known, other))
    assert section.record(again, other) == []
    assert section.record(known, other) != []


def test_a_class_is_gone_once_and_comes_back_when_it_is_named_again() -> None:
    known = after(section.evolve, None, section.record(None, SAID))
    assert section.retire(known, "c1") == [ClassRetired(section="c1")]
    gone = after(section.evolve, known, section.retire(known, "c1"))
    assert not gone.active
    assert section.retire(gone, "c1") == section.retire(None, "c1") == []
    assert after(section.evolve, gone, section.record(gone, SAID)).active
