"""What this API takes and answers: plans and the students on a template."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow.validate import Length, OneOf

from waymark.plans.api.fields import ItemValue, Line
from waymark.plans.api.schemas import Listing, PersonRef, ScaleView, SectionView
from waymark.service.read import PageQuery
from waymark.service.validation import Invalid, Whole

MOST_STUDENTS = 1000  # named in one request
MOST_SECTIONS = 50
NOTE = 2000  # characters of a note and of a text
STATUSES = ("open", "completed", "removed")
STATUS = OneOf(STATUSES)


class StudentRef(PersonRef):
    """A student. Names are null when they are redacted."""

    family_name = ma.fields.String(required=True, allow_none=True)


class SchoolRef(ma.Schema):
    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class AuthorView(PersonRef):
    """Who recorded something, and in which role."""

    role = ma.fields.String(required=True)


class JudgementView(ma.Schema):
    """A value with its words: a level's label and colour, or the number as a label."""

    value = ma.fields.Float(required=True)
    label = ma.fields.String(required=True)
    colour = ma.fields.String(required=True, allow_none=True)


class AssignBody(ma.Schema):
    """The students to put on the plan: by id, or all who are in these classes today. Exactly one of the two."""

    students = ma.fields.List(ma.fields.String(), validate=Length(1, MOST_STUDENTS))
    sections = ma.fields.List(ma.fields.String(), validate=Length(1, MOST_SECTIONS))

    @ma.validates_schema
    def names_one_of_the_two(self, body: dict[str, Any], **_: Any) -> None:
        if len(body) != 1:
            raise Invalid("one-of", "Give students or sections.", ["students", "sections"])


class AssignedView(ma.Schema):
    """What came of one student. `plan` is null where there is none in reach."""

    student = ma.fields.String(required=True)
    outcome = ma.fields.String(required=True, validate=OneOf(("assigned", "already-in-plan", "closed", "not-found")))
    plan = ma.fields.String(required=True, allow_none=True)


class AssignmentView(ma.Schema):
    """What came of all students, and how many of each outcome."""

    results = ma.fields.List(ma.fields.Nested(AssignedView), required=True)
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class StudentsQuery(PageQuery):
    """`value`: a level's code, a number of points, or `none`. Removed students stand last, whatever the order."""

    search = Line(load_default="")
    status = ma.fields.String(load_default="all", validate=OneOf((*STATUSES, "all")))
    school = ma.fields.String(load_default=None)
    grade = ma.fields.String(load_default=None)
    section = ma.fields.String(load_default=None)
    value = Line(load_default=None, validate=Whole(r"^(none|-?[0-9]{1,9}(\.[0-9]{1,9})?)$"))
    sort = ma.fields.String(load_default="name", validate=OneOf(("name", "-name", "status", "-status", "updated", "-updated")))


class EntryMay(ma.Schema):
    """What the caller may do with a student's plan now."""

    update = ma.fields.Boolean(required=True)
    remove = ma.fields.Boolean(required=True)
    complete = ma.fields.Boolean(required=True)
    reactivate = ma.fields.Boolean(required=True)


class PlanMay(EntryMay):
    customise = ma.fields.Boolean(required=True)


class StudentEntryView(ma.Schema):
    """A student on the template; `overall` is null and `effective` too while nobody updated the overall status."""

    plan = ma.fields.String(required=True)
    student = ma.fields.Nested(StudentRef, required=True)
    status = ma.fields.String(required=True, validate=STATUS)
    overall = ma.fields.Nested(JudgementView, required=True, allow_none=True)
    effective = ma.fields.Date(required=True, allow_none=True)
    updated = ma.fields.AwareDateTime(required=True)
    school = ma.fields.Nested(SchoolRef, required=True)
    grade = ma.fields.String(required=True)
    may = ma.fields.Nested(EntryMay, required=True)


class StatusCounts(ma.Schema):
    open = ma.fields.Integer(required=True)
    completed = ma.fields.Integer(required=True)
    removed = ma.fields.Integer(required=True)


class StudentList(Listing):
    """`counts` covers what the other filters let through, whatever status was asked for."""

    items = ma.fields.List(ma.fields.Nested(StudentEntryView), required=True)
    counts = ma.fields.Nested(StatusCounts, required=True)


class TemplateRef(ma.Schema):
    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)


class OwnPlanView(ma.Schema):
    """One of a student's plans."""

    plan = ma.fields.String(required=True)
    template = ma.fields.Nested(TemplateRef, required=True)
    status = ma.fields.String(required=True, validate=STATUS)
    overall = ma.fields.Nested(JudgementView, required=True, allow_none=True)
    updated = ma.fields.AwareDateTime(required=True)


class OwnPlanList(Listing):
    items = ma.fields.List(ma.fields.Nested(OwnPlanView), required=True)


class UpdateBody(ma.Schema):
    """One status update. `effective` is when it was true: today, or an earlier day."""

    value = ItemValue(required=True)
    note = ma.fields.String(allow_none=True, load_default=None, validate=Length(max=NOTE))
    effective = ma.fields.Date(allow_none=True, load_default=None)

    @ma.validates_schema
    def says_something(self, body: dict[str, Any], **_: Any) -> None:
        value = body["value"]
        if isinstance(value, str) and not 0 < len(value.strip()) <= NOTE:
            raise Invalid("wrong-length", f"A text of 1 to {NOTE} characters.", {"minimum": 1, "maximum": NOTE}, "value")


class UpdateView(ma.Schema):
    """One update. `value` is a level's code or points, `text` free text; null when redacted, or of the other kind."""

    value = ma.fields.Float(required=True, allow_none=True)
    text = ma.fields.String(required=True, allow_none=True)
    note = ma.fields.String(required=True, allow_none=True)
    effective = ma.fields.Date(required=True)
    recorded = ma.fields.AwareDateTime(required=True)
    by = ma.fields.Nested(AuthorView, required=True)


class PlanItemView(ma.Schema):
    """An item of one student: `updates` newest first, by effective date and then by record; the first one is current."""

    hidden = ma.fields.Boolean(required=True)
    current = ma.fields.Nested(UpdateView, required=True, allow_none=True)
    updates = ma.fields.List(ma.fields.Nested(UpdateView), required=True)


class PlanEventView(ma.Schema):
    """Something else that happened to the plan. `by` is null where the roster said so."""

    kind = ma.fields.String(
        required=True,
        validate=OneOf(("assigned", "completed", "removed", "reactivated", "moved", "hidden", "shown")),
    )
    item = ma.fields.String(required=True, allow_none=True)
    effective = ma.fields.Date(required=True)
    recorded = ma.fields.AwareDateTime(required=True)
    by = ma.fields.Nested(AuthorView, required=True, allow_none=True)
    school = ma.fields.Nested(SchoolRef, required=True, allow_none=True)
    grade = ma.fields.String(required=True, allow_none=True)


class PlanTemplateView(ma.Schema):
    """What the plan judges, as it was published."""

    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    overall = ma.fields.String(required=True)
    customisable = ma.fields.Boolean(required=True)
    sections = ma.fields.List(ma.fields.Nested(SectionView), required=True)
    scales = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(ScaleView), required=True)


class PlanView(ma.Schema):
    """One student's plan with everything that was ever recorded, by item id (and `overall`)."""

    id = ma.fields.String(required=True)
    template = ma.fields.Nested(PlanTemplateView, required=True)
    student = ma.fields.Nested(StudentRef, required=True)
    school = ma.fields.Nested(SchoolRef, required=True)
    grade = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=STATUS)
    version = ma.fields.Integer(required=True)
    items = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(PlanItemView), required=True)
    events = ma.fields.List(ma.fields.Nested(PlanEventView), required=True)
    may = ma.fields.Nested(PlanMay, required=True)
