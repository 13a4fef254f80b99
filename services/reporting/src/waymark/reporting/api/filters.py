"""What the caller may filter a template's students by."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from waymark.reporting.api.access import educating, reports
from waymark.reporting.api.schemas import Filters, SectionsQuery
from waymark.reporting.api.shapes import ShapedBlueprint
from waymark.reporting.counting.segments import standing
from waymark.reporting.domain.grades import grade_order
from waymark.reporting.reports import Asked
from waymark.reporting.views import sheets, templates
from waymark.service.context import ports, today
from waymark.service.directory_folds import Section
from waymark.service.read import await_after
from waymark.service.scope import Scope

blueprint = ShapedBlueprint("filters", __name__, description="What can be chosen")
MOST_SCHOOLS: Final = 10
"""A list of all classes of more schools than this helps nobody: then they are listed for the schools that are named."""


@blueprint.get("/reporting/v1/templates/<template>/filters")
@blueprint.query(SectionsQuery)
@blueprint.response(200, Filters)
def template_filters(query: dict[str, Any], template: str) -> dict[str, Any]:
    """Schools, grades, classes and home languages of the template's students whom the caller reaches. Who reaches more than
    ten schools names some (`school`) to get their classes."""
    caller = educating()
    await_after(ports().views, sheets, templates)
    found = reports().template(caller, template)
    students = list(standing(reports().select(caller, found.id, Asked(), today())))
    schools = sorted(ports().directory.schools(caller).values(), key=lambda each: (each.name.casefold(), each.id))
    sections = _sections(caller, query.get("school") or ([each.id for each in schools] if len(schools) <= MOST_SCHOOLS else []))
    return {
        "schools": schools,
        "grades": sorted({each.grade for each in students}, key=grade_order),
        "sections": sorted(sections, key=lambda each: (each.title.casefold(), each.id)),
        "home_languages": sorted(reports().languages(caller, [each.student for each in students])),
    }


def _sections(caller: Scope, schools: Collection[str]) -> list[Section]:
    """The classes that meet today, of these schools or taught by the caller."""
    own = {each: ports().directory.section(caller, each) for each in caller.sections}
    listed = own | {key: each for school in schools for key, each in ports().directory.sections(caller, school).items()}
    return [each for each in listed.values() if each.meets_on(today())]
