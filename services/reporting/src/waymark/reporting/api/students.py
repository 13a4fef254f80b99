"""The students behind the figures: a segment's (P23), and all that a filter shows as a file (P30, P33)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from flask import Response

from waymark.events.catalogue.plans import OVERALL, LevelScale, Scale
from waymark.reporting.api.access import asked, educating, names, reports
from waymark.reporting.api.schemas import GroupQuery, SegmentQuery, SegmentStudentList
from waymark.reporting.api.segment import segment_of
from waymark.reporting.api.shapes import ShapedBlueprint
from waymark.reporting.counting.segments import Segment, Standing, Status, behind, statuses
from waymark.reporting.domain.cells import csv_line
from waymark.reporting.folds.history import History
from waymark.reporting.folds.template import Template
from waymark.reporting.names import by_family_name
from waymark.reporting.reports import Reports
from waymark.reporting.views import histories, past_rows, sheets, templates
from waymark.service.context import ports, today
from waymark.service.directory import Name
from waymark.service.read import await_after, page_of
from waymark.service.scope import NotFound, Scope

blueprint = ShapedBlueprint("students", __name__, description="The students behind the figures")
COLUMNS: Final = ("Family name", "Given name", "School", "Grade", "Status", "Overall status", "Effective date", "Updated")
BOM: Final = "\ufeff"  # without it, spreadsheets take the file for Latin-1
STRETCH: Final = 500  # lines written at a time


@blueprint.get("/reporting/v1/templates/<template>/items/<item>/students")
@blueprint.query(SegmentQuery)
@blueprint.response(200, SegmentStudentList)
def segment_students(query: dict[str, Any], template: str, item: str) -> dict[str, Any]:
    """The students behind a segment of an item's bar (or of the overall one: `overall`), by family name."""
    caller, group = educating(), asked(query)
    late = await_after(ports().views, sheets, past_rows, templates, histories)
    found = reports().template(caller, template)
    about = found.item(item)
    if about is None:
        raise NotFound(item)
    segment = segment_of(query["segment"], found.scale(about))
    there = {each.student: each for each in behind(reports().select(caller, found.id, group, today()), item, segment)}
    called = names().of(caller, there)
    shown, page = page_of(sorted(there, key=lambda each: by_family_name(called, each)), str, query, late)
    past, schools = reports().histories(caller, found.id, shown), ports().directory.orgs(caller, {there[each].school for each in shown})
    for student in shown:
        stands = there[student]
        page["items"].append(
            {
                "plan": f"{found.id}.{student}",
                "student": {"id": student, "name": called[student].display, "family_name": called[student].family},
                "school": {"id": stands.school, "name": schools[stands.school].name if stands.school in schools else stands.school},
                "grade": stands.grade,
                "effective": _effective(past.get(student), item, segment, group.as_of or today()),
            }
        )
    return page


@blueprint.get("/reporting/v1/templates/<template>/students.csv")
@blueprint.query(GroupQuery)
@blueprint.response(200, {"type": "string"}, content_type="text/csv")
def students_csv(query: dict[str, Any], template: str) -> Response:
    """The students whom the filter shows, with their overall status, by family name, for a spreadsheet."""
    caller, group = educating(), asked(query)
    await_after(ports().views, sheets, past_rows, templates, histories)
    found = reports().template(caller, template)
    rows = list(statuses(reports().select(caller, found.id, group, today()), OVERALL))
    called = names().of(caller, {each.standing.student for each in rows})
    rows.sort(key=lambda each: by_family_name(called, each.standing.student))
    schools = {key: org.name for key, org in ports().directory.orgs(caller, {each.standing.school for each in rows}).items()}
    lines = _Lines(caller, reports(), found, called, schools, group.as_of or today())
    answer = Response(lines.of(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename=\"students.csv\"; filename*=UTF-8''{quote(found.title, safe='')}.csv"
    return answer


class _Lines:
    """Writes the file a stretch at a time, when the request is answered already: nothing here asks about the request."""

    def __init__(self, caller: Scope, source: Reports, template: Template, called: Any, schools: dict[str, str], day: date) -> None:
        self._caller, self._source, self._template, self._day = caller, source, template, day
        self._called: dict[str, Name] = called
        self._schools = schools
        self._scale = template.scale(next(template.items()))

    def of(self, rows: Sequence[Status]) -> Iterator[str]:
        yield BOM + csv_line(COLUMNS)
        left = iter(rows)
        while stretch := list(islice(left, STRETCH)):
            past = self._source.histories(self._caller, self._template.id, [each.standing.student for each in stretch])
            yield "".join(csv_line(self._cells(each, past.get(each.standing.student))) for each in stretch)

    def _cells(self, row: Status, past: History | None) -> tuple[str, ...]:
        stands: Standing = row.standing
        name = self._called[stands.student]
        effective = _effective(past, OVERALL, "answered", self._day) if row.value is not None else None
        return (
            name.family or "",
            name.given or "",
            self._schools.get(stands.school, stands.school),
            stands.grade,
            "open",
            _said(row.value, self._scale),
            effective.isoformat() if effective else "",
            row.recorded.isoformat(timespec="seconds"),
        )


def _effective(past: History | None, item: str, segment: Segment, day: date) -> date | None:
    """Since when the item has said so, as of that day."""
    if past is None or segment == "not-yet":
        return None
    if segment == "hidden":
        told = [each.effective for each in past.facts if each.kind == "hidden" and each.item == item and each.effective <= day]
    else:
        told = [each.effective for each in past.updates(item) if each.effective <= day]
    return told[-1] if told else None


def _said(value: float | None, scale: Scale | None) -> str:
    if value is None:
        return ""
    if isinstance(scale, LevelScale):
        return next((level.label for level in scale.levels if level.code == value), "")
    return f"{value:g}"
