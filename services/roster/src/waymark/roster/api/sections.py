"""Schools and classes."""

from __future__ import annotations

from typing import Any

from waymark.roster.api.access import known_id, org_refs, person_ref
from waymark.roster.api.schemas import SchoolList, SectionList, SectionsQuery, StudentList
from waymark.roster.api.students import shown_students
from waymark.roster.api.wired import wired
from waymark.service.blueprint import Blueprint
from waymark.service.context import ports, scope, today
from waymark.service.directory_folds import DIRECTORY
from waymark.service.read import PageQuery, await_after, page_of

blueprint = Blueprint("sections", __name__, description="Schools and classes")


@blueprint.get("/roster/v1/schools")
@blueprint.query(PageQuery)
@blueprint.response(200, SchoolList)
def list_schools(query: dict[str, Any]) -> dict[str, Any]:
    """The schools of those whom the caller reaches, by name."""
    caller = scope()
    behind = await_after(ports().views, *DIRECTORY)
    schools = sorted(ports().directory.schools(caller).values(), key=lambda each: (each.name, each.id))
    items, page = page_of(schools, lambda each: each.id, query, behind)
    return page | {"items": [{"id": each.id, "name": each.name} for each in items]}


@blueprint.get("/roster/v1/sections")
@blueprint.query(SectionsQuery)
@blueprint.response(200, SectionList)
def list_sections(query: dict[str, Any]) -> dict[str, Any]:
    """The classes that the caller teaches, or that are in the caller's schools, by title."""
    caller = scope()
    behind = await_after(ports().views, *DIRECTORY)
    items, page = page_of(wired().sections.listed(caller, query.get("school"), today()), lambda each: each.id, query, behind)
    names = ports().directory.names(caller, {who for each in items for who in each.teachers})
    schools = org_refs(caller, {each.school for each in items})
    return page | {
        "items": [
            {
                "id": each.id,
                "title": each.title,
                "code": each.code or None,
                "school": schools[each.school],
                "teachers": [person_ref(who, names) for who in each.teachers],
                "students": each.students,
            }
            for each in items
        ]
    }


@blueprint.get("/roster/v1/sections/<section>/students")
@blueprint.query(PageQuery)
@blueprint.response(200, StudentList)
def section_students(query: dict[str, Any], section: str) -> dict[str, Any]:
    """The students who are in a class today, by family name."""
    caller = scope()
    found = ports().directory.section(caller, known_id(section))
    behind = await_after(ports().views, *DIRECTORY)
    students = wired().students.placed(caller, [each for each in found.students_on(today()) if caller.reaches(each)])
    items, page = page_of(students, lambda each: each.id, query, behind)
    return page | {"items": shown_students(caller, items)}
