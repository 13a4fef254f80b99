"""What this API takes and answers about the district and its people. (Imports: `import_schemas`.)"""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import Length, OneOf

from waymark.service.read import AfterQuery, PageQuery
from waymark.service.validation import Whole

REASONS = ("requested-by-person", "requested-by-guardian", "retention-period-over", "recorded-by-mistake")
_ID = Whole(r"^[A-Za-z0-9_~-]{1,100}$", error="Invalid value.")


class PersonRef(ma.Schema):
    """Somebody. The name is null when it is redacted."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True, allow_none=True)


class OrgRef(ma.Schema):
    """An organisation, such as a school."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class Listing(ma.Schema):
    """A page of a list. `behind`: the directory had not caught up with `?after=` in time."""

    next = ma.fields.String(required=True, allow_none=True)
    behind = ma.fields.Boolean(required=True)


class DistrictBody(ma.Schema):
    name = ma.fields.String(required=True, validate=(Length(1, 200), Whole(r"^[^\x00-\x1f]*\S[^\x00-\x1f]*$", error="Invalid value.")))
    time_zone = ma.fields.String(required=True, validate=Length(1, 60), metadata={"description": "IANA, such as America/New_York."})
    locale = ma.fields.String(
        required=True,
        validate=Whole(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$", error="Invalid value."),
        metadata={"description": "BCP 47, such as en-US."},
    )


class DistrictView(DistrictBody):
    """The district's record. "Today" everywhere is the date in its time zone."""

    id = ma.fields.String(required=True)


class DistrictToday(DistrictView):
    today = ma.fields.Date(required=True)


class RoleView(ma.Schema):
    role = ma.fields.String(required=True)
    org = ma.fields.Nested(OrgRef, required=True)


class May(ma.Schema):
    """What the caller may do somewhere; what may be done with one thing stands beside that thing."""

    administer = ma.fields.Boolean(required=True)
    import_ = ma.fields.Boolean(required=True, data_key="import")
    build_templates = ma.fields.Boolean(required=True)
    assign = ma.fields.Boolean(required=True)
    forget = ma.fields.Boolean(required=True)


class MeView(ma.Schema):
    """Who is asking: the roles held today, the schools within reach, and what may be done."""

    person = ma.fields.Nested(PersonRef, required=True)
    roles = ma.fields.List(ma.fields.Nested(RoleView), required=True)
    district = ma.fields.Nested(DistrictToday, required=True)
    schools = ma.fields.List(ma.fields.Nested(OrgRef), required=True)
    may = ma.fields.Nested(May, required=True)


class SchoolList(Listing):
    items = ma.fields.List(ma.fields.Nested(OrgRef), required=True)


class SectionsQuery(PageQuery):
    school = ma.fields.String(validate=_ID)


class SectionView(ma.Schema):
    """A class. `students` counts those who are in it today and whom the caller may list."""

    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    code = ma.fields.String(required=True, allow_none=True)
    school = ma.fields.Nested(OrgRef, required=True)
    teachers = ma.fields.List(ma.fields.Nested(PersonRef), required=True)
    students = ma.fields.Integer(required=True)


class SectionList(Listing):
    items = ma.fields.List(ma.fields.Nested(SectionView), required=True)


class StudentView(ma.Schema):
    """A student. Names are null when redacted, the place is null for who goes to no school of the district now."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True, allow_none=True)
    family_name = ma.fields.String(required=True, allow_none=True)
    given_name = ma.fields.String(required=True, allow_none=True)
    school = ma.fields.Nested(OrgRef, required=True, allow_none=True)
    grade = ma.fields.String(required=True, allow_none=True)
    home_language = ma.fields.String(required=True, allow_none=True, metadata={"description": "BCP 47; null: unknown."})


class StudentList(Listing):
    items = ma.fields.List(ma.fields.Nested(StudentView), required=True)


class StudentsQuery(PageQuery):
    search = ma.fields.String(load_default="", validate=Length(max=100), metadata={"description": "Words that the name must hold."})
    school = ma.fields.String(load_default=None, validate=_ID)
    grade = ma.fields.String(load_default=None, validate=Length(1, 20))
    section = ma.fields.String(load_default=None, validate=_ID)


class StudentQuery(AfterQuery):
    """The query of one student."""


class ForgetBody(ma.Schema):
    """Why a person is forgotten: kept in the audit log, so it says nothing about them."""

    reason = ma.fields.String(required=True, validate=OneOf(REASONS))


class ForgottenView(ma.Schema):
    """The person is forgotten. What other services keep of them follows."""

    id = ma.fields.String(required=True)
    forgotten = ma.fields.Boolean(required=True)


class ServiceErasureView(ma.Schema):
    """One service's part: when it said that it erased what it kept, and how much by kind; or since when that is awaited."""

    service = ma.fields.String(required=True)
    erased_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    waiting_since = ma.fields.AwareDateTime(required=True, allow_none=True)
    erased = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class ErasureView(ma.Schema):
    """Somebody who was forgotten, and by whom (null: on the command line). `complete`: every service has answered."""

    person = ma.fields.String(required=True)
    forgotten_at = ma.fields.AwareDateTime(required=True)
    by = ma.fields.Nested(PersonRef, required=True, allow_none=True)
    complete = ma.fields.Boolean(required=True)
    services = ma.fields.List(ma.fields.Nested(ServiceErasureView), required=True)


class ErasureList(Listing):
    items = ma.fields.List(ma.fields.Nested(ErasureView), required=True)
