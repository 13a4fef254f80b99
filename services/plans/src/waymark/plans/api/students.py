"""The students of a template: put them on it, list them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from waymark.events.catalogue.types import Author, Place
from waymark.events.decide import Decided, Decision
from waymark.events.envelope import Event
from waymark.plans.api.access import educating, is_id
from waymark.plans.api.judgement import overall
from waymark.plans.api.plan_schemas import AssignBody, AssignmentView, StudentList, StudentsQuery
from waymark.plans.api.reading import reading
from waymark.plans.api.templates import visible_template
from waymark.plans.domain import plan as domain
from waymark.plans.domain.plan import Plan
from waymark.plans.domain.refusals import PlanClosed
from waymark.plans.domain.template import published
from waymark.plans.rows import Row
from waymark.plans.streams import PLAN, plan_stream
from waymark.plans.students_list import Wanted, listed
from waymark.plans.views import sealed_names, student_rows
from waymark.service.blueprint import Blueprint
from waymark.service.context import ports, today
from waymark.service.read import await_after, page_of
from waymark.service.scope import Scope
from waymark.service.write import write_many

blueprint = Blueprint("students", __name__, description="The students of a template")


@blueprint.get("/plans/v1/templates/<template>/students")
@blueprint.query(StudentsQuery)
@blueprint.response(200, StudentList)
def list_students(query: dict[str, Any], template: str) -> dict[str, Any]:
    """The students on a template whom the caller reaches, removed ones last (P20, P34)."""
    caller = educating()
    found = published(visible_template(template)[0])
    behind = await_after(ports().views, student_rows, sealed_names)
    rows = reading().rows.of(caller.district, found.id)
    students = listed(rows, caller, _wanted(query, caller), reading().names)
    shown, page = page_of(students.entries, lambda entry: entry[0], query, behind)
    names = reading().names.of(caller, [student for student, _ in shown])
    schools = ports().directory.orgs(caller, {row.school for _, row in shown})
    return page | {
        "items": [
            {
                "plan": f"{found.id}.{student}",
                "student": {"id": student, "name": names[student].display, "family_name": names[student].family},
                "status": row.status,
                "overall": overall(found, row),
                "effective": row.effective,
                "updated": datetime.fromtimestamp(row.updated, UTC),
                "school": school_ref(row.school, schools),
                "grade": row.grade,
                "may": entry_may(row),
            }
            for student, row in shown
        ],
        "counts": students.counts,
    }


@blueprint.post("/plans/v1/templates/<template>/students")
@blueprint.arguments(AssignBody)
@blueprint.response(200, AssignmentView)
@blueprint.refuses(409)
def assign_students(body: dict[str, Any], template: str) -> dict[str, Any]:
    """Put students on a plan: of one's own classes, or of one's schools (P14, P15). Repeating it changes nothing (P17)."""
    caller, day = educating(), today()
    found = published(visible_template(template)[0])
    asked = list(dict.fromkeys(_asked(body, caller)))
    places = _places(caller, asked)
    streams = {student: plan_stream(caller.district, found.id, student) for student in places}
    decided = write_many(PLAN, {streams[each]: _assigning(place, caller.author(each), day) for each, place in places.items()})
    results = [
        {"student": student, "outcome": _outcome(decided[streams[student]]), "plan": f"{found.id}.{student}"}
        if student in streams
        else {"student": student, "outcome": "not-found", "plan": None}
        for student in asked
    ]
    return {"results": results, "counts": Counter(each["outcome"] for each in results)}


def entry_may(row: Row) -> dict[str, bool]:
    is_open = row.status == "open"
    return {"update": is_open, "remove": is_open, "complete": is_open, "reactivate": not is_open}


def school_ref(school: str, schools: Any) -> dict[str, Any]:
    return {"id": school, "name": schools[school].name if school in schools else school}


def _wanted(query: dict[str, Any], caller: Scope) -> Wanted:
    section, value = query["section"], query["value"]
    return Wanted(
        search=query["search"],
        status=query["status"],
        school=query["school"],
        grade=query["grade"],
        students=None if section is None else ports().directory.section(caller, section).students_on(today()),
        value=value if value in (None, "none") else float(value),
        sort=query["sort"],
    )


def _asked(body: dict[str, Any], caller: Scope) -> Iterable[str]:
    """Raises NotFound for a class that is not the caller's: nobody is put on the plan then."""
    if "students" in body:
        return body["students"]
    sections = [ports().directory.section(caller, each) for each in body["sections"]]
    return (student for section in sections for student in sorted(section.students_on(today())))


def _places(caller: Scope, students: Iterable[str]) -> dict[str, Place]:
    """Where those of these students whom the caller reaches go to school; who goes nowhere can be put on no plan."""
    known = ports().directory.people(caller, [each for each in students if is_id(each) and caller.reaches(each)])
    return {
        each.id: Place(each.school, each.grade)
        for each in known.values()
        if each.student and each.active and each.school is not None and each.grade is not None
    }


def _assigning(place: Place, by: Author, day: date) -> Decision[Plan]:
    def decision(plan: Plan | None) -> Sequence[Event]:
        try:
            return domain.assign(plan, place, by=by, today=day)
        except PlanClosed:  # told for this student alone: the others are put on the plan
            return []

    return decision


def _outcome(decided: Decided[Plan]) -> str:
    if decided.appended is not None:
        return "assigned"
    return "already-in-plan" if decided.state is not None and decided.state.status == "open" else "closed"
