"""Students: search and look up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from waymark.roster.api.access import known_id, org_refs
from waymark.roster.api.schemas import StudentList, StudentQuery, StudentsQuery, StudentView
from waymark.roster.api.wired import wired
from waymark.roster.students import Pupil
from waymark.service.blueprint import Blueprint
from waymark.service.context import ports, scope, today
from waymark.service.directory_folds import DIRECTORY
from waymark.service.read import await_after, page_of
from waymark.service.scope import NotFound, Scope

blueprint = Blueprint("students", __name__, description="Students within the caller's reach")


@blueprint.get("/roster/v1/students")
@blueprint.query(StudentsQuery)
@blueprint.response(200, StudentList)
def list_students(query: dict[str, Any]) -> dict[str, Any]:
    """The students whom the caller reaches, by family name."""
    caller, section = scope(), query["section"]
    members = None if section is None else ports().directory.section(caller, known_id(section)).students_on(today())
    behind = await_after(ports().views, *DIRECTORY)
    found = wired().students.listed(caller, query["school"], query["grade"], members, query["search"])
    items, page = page_of(found, lambda each: each.id, query, behind)
    return page | {"items": shown_students(caller, items)}


@blueprint.get("/roster/v1/students/<student>")
@blueprint.query(StudentQuery)
@blueprint.response(200, StudentView)
def get_student(query: dict[str, Any], student: str) -> dict[str, Any]:
    """One student."""
    caller = scope()
    person = ports().directory.person(caller, caller.reach(known_id(student)))
    if not person.student:
        raise NotFound(student)
    await_after(ports().views, *DIRECTORY)
    pupil = Pupil(person.id, person.school or "", person.grade or "", person.home_language)
    return shown_students(caller, [pupil])[0]


def shown_students(caller: Scope, students: Sequence[Pupil]) -> list[dict[str, Any]]:
    """Students as the answers show them."""
    names = wired().students.names(caller, [each.id for each in students])
    schools = org_refs(caller, {each.school for each in students if each.school})
    return [
        {
            "id": each.id,
            "name": names[each.id].display,
            "family_name": names[each.id].family,
            "given_name": names[each.id].given,
            "school": schools.get(each.school),
            "grade": (each.grade or None) if each.school else None,
            "home_language": each.home_language or None,
        }
        for each in students
    ]
