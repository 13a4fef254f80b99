"""What this API takes and answers: scales and templates. (Plans and their lists: `plan_schemas`.)"""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow.validate import OneOf

from waymark.plans.api.fields import Line, Number
from waymark.service.read import PageQuery
from waymark.service.validation import Invalid

KINDS = ("levels", "points")


class PersonRef(ma.Schema):
    """Somebody. The name is null when it is redacted."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True, allow_none=True)


class Listing(ma.Schema):
    """A page of a list. `behind`: the view had not caught up with `?after=` in time."""

    next = ma.fields.String(required=True, allow_none=True)
    behind = ma.fields.Boolean(required=True)


class LevelBody(ma.Schema):
    """A level. Leave the code out for a new level; a code means the same level for ever."""

    code = ma.fields.Integer(strict=True, allow_none=True, load_default=None)
    label = Line(required=True)
    short = Line(required=True)
    colour = Line(required=True, metadata={"description": "#rrggbb"})


class ScaleBody(ma.Schema):
    """A scale: `levels` from first to last, or points from `minimum` to `maximum`."""

    title = Line(required=True)
    kind = ma.fields.String(required=True, validate=OneOf(KINDS))
    levels = ma.fields.List(ma.fields.Nested(LevelBody), allow_none=True, load_default=None)
    minimum = Number(allow_none=True, load_default=None)
    maximum = Number(allow_none=True, load_default=None)

    @ma.validates_schema
    def fits_its_kind(self, body: dict[str, Any], **_: Any) -> None:
        needed = ("levels",) if body["kind"] == "levels" else ("minimum", "maximum")
        for name in ("levels", "minimum", "maximum"):
            if name in needed and body[name] is None:
                raise Invalid("required", f"A scale of {body['kind']} needs it.", field_name=name)
            if name not in needed and body[name] is not None:
                raise Invalid("not-allowed", f"A scale of {body['kind']} has none.", field_name=name)


class LevelView(ma.Schema):
    code = ma.fields.Integer(required=True)
    label = ma.fields.String(required=True)
    short = ma.fields.String(required=True)
    colour = ma.fields.String(required=True)


class ScaleView(ma.Schema):
    """A scale; `levels` is null for points, `minimum` and `maximum` are null for levels."""

    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=OneOf(KINDS))
    levels = ma.fields.List(ma.fields.Nested(LevelView), required=True, allow_none=True)
    minimum = ma.fields.Float(required=True, allow_none=True)
    maximum = ma.fields.Float(required=True, allow_none=True)


class ScaleList(Listing):
    items = ma.fields.List(ma.fields.Nested(ScaleView), required=True)


class ItemBody(ma.Schema):
    """An item. Leave the id out for a new one. `scale` is a scale's id, or null for free text."""

    id = ma.fields.String(allow_none=True, load_default=None)
    title = Line(required=True)
    guidance = ma.fields.String(load_default="")
    scale = ma.fields.String(allow_none=True, load_default=None)


class SectionBody(ma.Schema):
    """A section with its items in order. Leave the id out for a new one."""

    id = ma.fields.String(allow_none=True, load_default=None)
    title = Line(required=True)
    items = ma.fields.List(ma.fields.Nested(ItemBody), load_default=list)


class TemplateBody(ma.Schema):
    """What a template says. The description is rich text (HTML): what is not allowed in it is taken out."""

    title = Line(required=True)
    description = ma.fields.String(load_default="")
    overall = ma.fields.String(allow_none=True, load_default=None, metadata={"description": "The scale of the overall status."})
    customisable = ma.fields.Boolean(load_default=True, metadata={"description": "Whether educators may show and hide items."})
    sections = ma.fields.List(ma.fields.Nested(SectionBody), load_default=list)


class ItemView(ma.Schema):
    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    guidance = ma.fields.String(required=True)
    scale = ma.fields.String(required=True, allow_none=True)


class SectionView(ma.Schema):
    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    items = ma.fields.List(ma.fields.Nested(ItemView), required=True)


class TemplateMay(ma.Schema):
    """What the caller may do with a template now."""

    edit = ma.fields.Boolean(required=True)
    publish = ma.fields.Boolean(required=True)
    clone = ma.fields.Boolean(required=True)
    assign = ma.fields.Boolean(required=True)


STATUS = OneOf(("draft", "published"))


class TemplateView(ma.Schema):
    """A template with its scales by id: as they are now for a draft, as they were frozen for a published one."""

    id = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=STATUS)
    version = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    overall = ma.fields.String(required=True, allow_none=True)
    customisable = ma.fields.Boolean(required=True)
    sections = ma.fields.List(ma.fields.Nested(SectionView), required=True)
    scales = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(ScaleView), required=True)
    creator = ma.fields.Nested(PersonRef, required=True)
    updated = ma.fields.AwareDateTime(required=True)
    published_at = ma.fields.Date(required=True, allow_none=True)
    cloned_from = ma.fields.String(required=True, allow_none=True)
    may = ma.fields.Nested(TemplateMay, required=True)


class TemplateQuery(PageQuery):
    """Drafts are listed for those who may build templates."""

    search = Line(load_default="")
    status = ma.fields.String(load_default="all", validate=OneOf(("draft", "published", "all")))
    sort = ma.fields.String(load_default="title", validate=OneOf(("title", "-title", "updated", "-updated")))


class TemplateEntryView(ma.Schema):
    """A template in the list. `students` counts open plans of students whom the caller may list."""

    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=STATUS)
    creator = ma.fields.Nested(PersonRef, required=True)
    updated = ma.fields.AwareDateTime(required=True)
    sections = ma.fields.Integer(required=True)
    items = ma.fields.Integer(required=True)
    students = ma.fields.Integer(required=True)
    may = ma.fields.Nested(TemplateMay, required=True)


class TemplateList(Listing):
    items = ma.fields.List(ma.fields.Nested(TemplateEntryView), required=True)
