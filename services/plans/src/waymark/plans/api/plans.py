"""One student's plan: what educators see of it and do to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import g
from msgspec import Struct

from waymark.events.catalogue.plans import PlanEvent
from waymark.events.catalogue.types import Author, Place, Sealed
from waymark.plans.api.access import educating, known_id, plan_parts
from waymark.plans.api.judgement import overall
from waymark.plans.api.plan_page import NOTE, TEXT, plan_page
from waymark.plans.api.plan_schemas import OwnPlanList, PlanView, UpdateBody
from waymark.plans.api.reading import reading
from waymark.plans.domain import plan as domain
from waymark.plans.domain.plan import Plan
from waymark.plans.domain.refusals import PlanUnknown
from waymark.plans.domain.template import Template, item_scale
from waymark.plans.history import history
from waymark.plans.names import folded
from waymark.plans.streams import PLAN, plan_stream
from waymark.plans.views import student_id, student_plans
from waymark.service.blueprint import Blueprint
from waymark.service.context import ports, store, today
from waymark.service.read import PageQuery, await_after, page_of
from waymark.service.scope import Scope
from waymark.service.write import if_match, write

blueprint = Blueprint("plans", __name__, description="One student's plan")


class Opened(Struct, frozen=True):
    """A plan in the caller's reach: who asks, and what the plan judges."""

    caller: Scope
    template: Template
    student: str

    @property
    def stream(self) -> str:
        return plan_stream(self.caller.district, self.template.id, self.student)

    @property
    def by(self) -> Author:
        return self.caller.author(self.student)

    def answer(self, version: int | None = None) -> dict[str, Any]:
        """The plan as of a version (null: the newest). Raises PlanUnknown."""
        found = history(store(), self.stream, version)
        if found is None:
            raise PlanUnknown
        g.etag = f'"{found.version}"'
        return plan_page(self.caller, self.template, found)

    def write(self, decision: Callable[[Plan | None], Sequence[PlanEvent]]) -> dict[str, Any]:
        return self.answer(write(self.stream, PLAN, decision).version)


def opened(plan: str) -> Opened:
    """Raises RoleMayNot, NotFound, PlanUnknown."""
    template, student = plan_parts(plan)
    found, _ = reading().template(educating().district, template)
    if found is None or found.published is None:
        raise PlanUnknown
    return Opened(educating(), found, student)


@blueprint.get("/plans/v1/plans/<plan>")
@blueprint.response(200, PlanView)
def get_plan(plan: str) -> dict[str, Any]:
    """One student's plan, with every update and note (P24)."""
    return opened(plan).answer()


@blueprint.post("/plans/v1/plans/<plan>/items/<item>/updates")
@blueprint.arguments(UpdateBody)
@blueprint.response(201, PlanView)
@blueprint.refuses(409)
def update_item(body: dict[str, Any], plan: str, item: str) -> dict[str, Any]:
    """Record one status update of one item, or of the `overall` status (P25-P27)."""
    it, day = opened(plan), today()
    value, note = body["value"], body["note"]
    if isinstance(value, str) and item_scale(it.template, item) is None:
        value = _sealed(it.student, TEXT, value)
    note = _sealed(it.student, NOTE, note) if note and note.strip() else None  # a blank note says nothing
    return it.write(
        lambda state: domain.update_item(state, it.template, item, value, note=note, effective=body["effective"], by=it.by, today=day)
    )


@blueprint.put("/plans/v1/plans/<plan>/items/<item>/hidden")
@blueprint.response(200, PlanView)
@blueprint.refuses(409)
def hide_item(plan: str, item: str) -> dict[str, Any]:
    """The item does not apply to this student (P18, P19)."""
    it, day = opened(plan), today()
    return it.write(lambda state: domain.hide_item(state, it.template, item, by=it.by, today=day))


@blueprint.delete("/plans/v1/plans/<plan>/items/<item>/hidden")
@blueprint.response(200, PlanView)
@blueprint.refuses(409)
def show_item(plan: str, item: str) -> dict[str, Any]:
    """The item applies again (P18, P19)."""
    it, day = opened(plan), today()
    return it.write(lambda state: domain.show_item(state, it.template, item, by=it.by, today=day))


@blueprint.post("/plans/v1/plans/<plan>/complete")
@if_match
@blueprint.response(200, PlanView)
@blueprint.refuses(409)
def complete_plan(plan: str) -> dict[str, Any]:
    """Goals are met, or the student leaves: the plan becomes read-only (P35)."""
    it, day = opened(plan), today()
    return it.write(lambda state: domain.complete(state, by=it.by, today=day))


@blueprint.post("/plans/v1/plans/<plan>/remove")
@if_match
@blueprint.response(200, PlanView)
@blueprint.refuses(409)
def remove_student(plan: str) -> dict[str, Any]:
    """Take the student off: what was recorded stays to be read; where nothing was, nothing stays (P34)."""
    it, day = opened(plan), today()
    return it.write(lambda state: domain.remove(state, by=it.by, today=day))


@blueprint.post("/plans/v1/plans/<plan>/reactivate")
@if_match
@blueprint.response(200, PlanView)
@blueprint.refuses(409)
def reactivate_plan(plan: str) -> dict[str, Any]:
    """Open a completed or removed plan again, with all that was in it (P36)."""
    it, day = opened(plan), today()
    person = ports().directory.person(it.caller, it.student)

    place = Place(person.school, person.grade) if person.school is not None and person.grade is not None else None
    return it.write(lambda state: domain.reactivate(state, place, by=it.by, today=day))


@blueprint.get("/plans/v1/students/<student>/plans")
@blueprint.query(PageQuery)
@blueprint.response(200, OwnPlanList)
def list_plans(query: dict[str, Any], student: str) -> dict[str, Any]:
    """One student's plans, by template title."""
    caller = educating()
    ports().directory.person(caller, caller.reach(known_id(student)))
    behind = await_after(ports().views, student_plans)
    key = student_id(caller.district, student)
    document = ports().views.get(caller, student_plans.view, [key]).get(key)
    rows = document.plans if document else {}
    templates = {name: reading().template(caller.district, name)[0] for name in rows}
    found = [(template, rows[name]) for name, template in templates.items() if template is not None]
    found.sort(key=lambda each: (folded(each[0].content.title), each[0].id))
    shown, page = page_of(found, lambda each: each[0].id, query, behind)
    return page | {
        "items": [
            {
                "plan": f"{template.id}.{student}",
                "template": {"id": template.id, "title": template.content.title},
                "status": row.status,
                "overall": overall(template, row),
                "updated": datetime.fromtimestamp(row.updated, UTC),
            }
            for template, row in shown
        ]
    }


def _sealed(student: str, field: str, text: str) -> Sealed:
    """Text about a student, under the student's key. Raises PersonForgotten."""
    return ports().keyring.seal(student, field, text.strip())
