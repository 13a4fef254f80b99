"""What this API takes and answers about imports."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import Length, OneOf

from waymark.roster.api.schemas import Listing, PersonRef
from waymark.roster.importing.status import STATUSES
from waymark.service.read import PageQuery

SEVERITIES = ("refused", "repaired", "note")


class ImportQuery(ma.Schema):
    dry_run = ma.fields.Boolean(
        load_default=False, truthy={"true"}, falsy={"false"}, metadata={"description": "Report everything and record nothing."}
    )


class ProgressView(ma.Schema):
    done = ma.fields.Integer(required=True)
    total = ma.fields.Integer(required=True)
    unit = ma.fields.String(required=True, validate=OneOf(("files", "people", "")))


class ImportView(ma.Schema):
    """An import. The same package again has the same id; a dry run has another.

    `held`: so many students would leave that an administrator must approve it. `code` says why it was refused, or why it stopped
    half-way; sending the same package again rolls it forward.
    """

    id = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=OneOf(STATUSES))
    code = ma.fields.String(required=True, allow_none=True)
    dry_run = ma.fields.Boolean(required=True)
    at = ma.fields.AwareDateTime(required=True)
    by = ma.fields.Nested(PersonRef, required=True, allow_none=True, metadata={"description": "Null: the command line."})
    size = ma.fields.Integer(required=True, metadata={"description": "Bytes of the package."})
    progress = ma.fields.Nested(ProgressView, required=True)
    rows = ma.fields.Dict(ma.fields.String(), ma.fields.Integer(), required=True, metadata={"description": "Rows read, by file."})
    recorded = ma.fields.Dict(ma.fields.String(), ma.fields.Integer(), required=True, metadata={"description": "Events, by type."})
    refused = ma.fields.Integer(required=True)
    repaired = ma.fields.Integer(required=True)
    leaving = ma.fields.Integer(required=True, metadata={"description": "Students who would leave, or left."})
    students = ma.fields.Integer(required=True, metadata={"description": "Students there were before."})


class ImportList(Listing):
    items = ma.fields.List(ma.fields.Nested(ImportView), required=True)


class FindingsQuery(PageQuery):
    file = ma.fields.String(validate=Length(1, 100))
    severity = ma.fields.String(validate=OneOf(SEVERITIES))


class FindingView(ma.Schema):
    """Something about a file, a row or a cell. `row` counts from the header as 1; 0 is the file itself. `value` is never personal."""

    file = ma.fields.String(required=True)
    row = ma.fields.Integer(required=True)
    field = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    severity = ma.fields.String(required=True, validate=OneOf(SEVERITIES))
    message = ma.fields.String(required=True)
    allowed = ma.fields.List(ma.fields.String(), required=True)
    value = ma.fields.String(required=True, allow_none=True)


class FindingList(Listing):
    items = ma.fields.List(ma.fields.Nested(FindingView), required=True)
