"""Bars: the overall one of every template, and all of one template (P19, P21, P22, P23)."""

from __future__ import annotations

from typing import Any

from waymark.reporting.api.access import asked, educating, reports
from waymark.reporting.api.schemas import GroupQuery, TemplateBarList, TemplateBars
from waymark.reporting.api.shapes import ShapedBlueprint
from waymark.reporting.counting.selection import newest
from waymark.reporting.counting.tally import count_item, counted
from waymark.reporting.reports import Asked
from waymark.reporting.views import past_rows, sheets, templates
from waymark.service.context import ports, today
from waymark.service.read import PageQuery, after_of, await_after, page

blueprint = ShapedBlueprint("bars", __name__, description="How students stand, counted")


@blueprint.get("/reporting/v1/bars")
@blueprint.query(PageQuery)
@blueprint.response(200, TemplateBarList)
def list_bars(query: dict[str, Any]) -> dict[str, Any]:
    """The overall bar of every published template, by title, over the students whom the caller reaches."""
    caller = educating()
    behind = await_after(ports().views, sheets, templates)
    found = reports().templates(caller, after_of(query), query["limit"])
    answer = page([], found.after, behind)
    for _, template in found.documents:
        selection = reports().select(caller, template.id, Asked(), today())
        overall = next(template.items())
        answer["items"].append(
            {
                "template": template,
                "bar": count_item(selection, overall, template.scale(overall)),
                "newest": newest(selection),
            }
        )
    return answer


@blueprint.get("/reporting/v1/templates/<template>/bars")
@blueprint.query(GroupQuery)
@blueprint.response(200, TemplateBars)
def template_bars(query: dict[str, Any], template: str) -> dict[str, Any]:
    """The overall bar and one of each item, of the students whom the caller reaches and the filter lets through."""
    caller, group = educating(), asked(query)
    behind = await_after(ports().views, sheets, past_rows, templates)
    found = reports().template(caller, template)
    selection = reports().select(caller, found.id, group, today())
    overall, *items = (count_item(selection, each, found.scale(each)) for each in found.items())
    of_item = {each.item: each for each in items}
    return {
        "template": found,
        "n": counted(selection),
        "overall": overall,
        "sections": [
            {"id": section.id, "title": section.title, "items": [of_item[each.id] for each in section.items]} for section in found.sections
        ],
        "as_of": group.as_of or today(),
        "newest": newest(selection),
        "behind": behind,
    }
