"""What this API takes and answers."""

from __future__ import annotations

from typing import Any, Final

import marshmallow as ma
from marshmallow.validate import Length, OneOf

from waymark.reporting.api.shapes import Shaped
from waymark.service.read import AfterQuery, PageQuery

MOST_CHOICES: Final = 100


def _any_of(description: str) -> Any:
    # A district has fewer schools and languages than anybody chooses one by one; each is a look-up.
    each = ma.fields.String(validate=Length(1, 255))
    return ma.fields.List(each, validate=Length(max=MOST_CHOICES), metadata={"description": f"{description} Repeat it for any of several."})


class GroupQuery(AfterQuery):
    """Who is counted, and on which day."""

    school = _any_of("Only students of this school.")
    grade = _any_of("Only students in this grade.")
    section = _any_of("Only today's students of this class.")
    home_language = _any_of("Only students with this home language (BCP 47).")
    as_of = ma.fields.Date(metadata={"description": "As it was on this day, as far as is known today: school and grade are that day's."})


class SegmentQuery(GroupQuery, PageQuery):
    segment = ma.fields.String(
        required=True,
        validate=Length(1, 10),
        metadata={"description": "A level's code, `not-yet`, `hidden` or `answered`."},
    )


class SectionsQuery(AfterQuery):
    school = _any_of("Classes of this school.")


class TemplateRef(ma.Schema):
    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)


class SchoolRef(ma.Schema):
    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class SectionRef(ma.Schema):
    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)


class TemplateBar(ma.Schema):
    """A template's overall bar. `newest`: when the newest fact that is counted was recorded; null where nobody is."""

    template = ma.fields.Nested(TemplateRef, required=True)
    bar = Shaped("Bar", required=True)
    newest = ma.fields.AwareDateTime(required=True, allow_none=True)


class TemplateBarList(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(TemplateBar), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    behind = ma.fields.Boolean(required=True)


class SectionBars(ma.Schema):
    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    items = ma.fields.List(Shaped("Bar"), required=True)


class TemplateBars(ma.Schema):
    """All bars of a template. `n`: open plans; an item's bar leaves out those for whom it is hidden."""

    template = ma.fields.Nested(TemplateRef, required=True)
    n = ma.fields.Integer(required=True)
    overall = Shaped("Bar", required=True)
    sections = ma.fields.List(ma.fields.Nested(SectionBars), required=True)
    as_of = ma.fields.Date(required=True)
    newest = ma.fields.AwareDateTime(required=True, allow_none=True)
    behind = ma.fields.Boolean(required=True)


class StudentRef(ma.Schema):
    """Names are null when they are redacted."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True, allow_none=True)
    family_name = ma.fields.String(required=True, allow_none=True)


class SegmentStudent(ma.Schema):
    """A student behind a segment. `effective`: the date of the status (or of the hiding); null for those never updated."""

    plan = ma.fields.String(required=True)
    student = ma.fields.Nested(StudentRef, required=True)
    school = ma.fields.Nested(SchoolRef, required=True)
    grade = ma.fields.String(required=True)
    effective = ma.fields.Date(required=True, allow_none=True)


class SegmentStudentList(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(SegmentStudent), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    behind = ma.fields.Boolean(required=True)


class HistoryPoint(ma.Schema):
    """One update. `value`: a level's code or points; true for free text, which plans keeps."""

    effective = ma.fields.Date(required=True)
    recorded = ma.fields.AwareDateTime(required=True)
    value = ma.fields.Raw(required=True, metadata={"oneOf": [{"type": "number"}, {"type": "boolean"}]})
    role = ma.fields.String(required=True)
    current = ma.fields.Boolean(required=True)


class HistoryEvent(ma.Schema):
    """What else happened to the plan, or to whether the item applies. `school` and `grade` where the student was placed."""

    kind = ma.fields.String(
        required=True,
        validate=OneOf(("assigned", "hidden", "shown", "completed", "removed", "reactivated", "moved")),
    )
    effective = ma.fields.Date(required=True)
    recorded = ma.fields.AwareDateTime(required=True)
    school = ma.fields.String(required=True, allow_none=True)
    grade = ma.fields.String(required=True, allow_none=True)


class ItemHistory(ma.Schema):
    """One item's updates in order of (effective, recorded), and their trend. Where there is no line, `reason` says why. The
    values of a trend over levels are ranks in the scale's order, from 0."""

    item = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=OneOf(("levels", "points", "text")))
    scale = Shaped("Scale", required=True, allow_none=True)
    points = ma.fields.List(ma.fields.Nested(HistoryPoint), required=True)
    events = ma.fields.List(ma.fields.Nested(HistoryEvent), required=True)
    trend = Shaped("Trend", required=True, allow_none=True)
    reason = ma.fields.String(required=True, allow_none=True, validate=OneOf(("too-few-points", "one-date", "free-text")))
    newest = ma.fields.AwareDateTime(required=True, allow_none=True)
    behind = ma.fields.Boolean(required=True)


class Filters(ma.Schema):
    """What the caller may filter a template's students by."""

    schools = ma.fields.List(ma.fields.Nested(SchoolRef), required=True)
    grades = ma.fields.List(ma.fields.String(), required=True)
    sections = ma.fields.List(ma.fields.Nested(SectionRef), required=True)
    home_languages = ma.fields.List(ma.fields.String(), required=True)
