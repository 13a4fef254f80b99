"""Templates: drafted, changed, published, cloned by administrators; seen by every educator once published."""

from __future__ import annotations

from typing import Any

import msgspec
import nh3
from flask import g

from waymark.events.catalogue.plans import Content
from waymark.plans.api.access import building, builds, educating, known_id
from waymark.plans.api.counts import open_students
from waymark.plans.api.reading import all_of, person, reading, recorded_at, scales_named
from waymark.plans.api.scales import scale_body
from waymark.plans.api.schemas import TemplateBody, TemplateList, TemplateQuery, TemplateView
from waymark.plans.domain import template as domain
from waymark.plans.domain.refusals import TemplateUnknown
from waymark.plans.domain.template import AskedContent, AskedItem, AskedSection, Template, scales_of
from waymark.plans.names import folded
from waymark.plans.streams import TEMPLATE, template_stream
from waymark.plans.views import TemplateEntry, open_plans, student_plans, templates
from waymark.service.blueprint import Blueprint
from waymark.service.context import author, ports, scope, today
from waymark.service.read import await_after, page_of
from waymark.service.write import if_match, new_id, write

blueprint = Blueprint("templates", __name__, description="Plan templates")
MARKUP = {"p", "br", "strong", "b", "em", "i", "u", "s", "ul", "ol", "li", "blockquote", "h3", "h4", "code", "a"}
LINKS = {"http", "https", "mailto"}


@blueprint.get("/plans/v1/templates")
@blueprint.query(TemplateQuery)
@blueprint.response(200, TemplateList)
def list_templates(query: dict[str, Any]) -> dict[str, Any]:
    """The district's templates; drafts for those who may build them (P13)."""
    caller = educating()
    behind = await_after(ports().views, templates, open_plans, student_plans)
    words = folded(query["search"]).split()
    found = [
        each
        for each in all_of(templates)
        if (each.status == "published" or builds())
        and query["status"] in ("all", each.status)
        and all(word in folded(each.title) for word in words)
    ]
    found.sort(key=_by_title)
    if query["sort"].endswith("updated"):
        found.sort(key=lambda each: each.updated)
    if query["sort"].startswith("-"):
        found.reverse()
    shown, page = page_of(found, lambda each: each.id, query, behind)
    names = ports().directory.names(caller, {each.creator.person for each in shown})
    counts = open_students(caller, [each.id for each in shown])
    return page | {"items": [_entry(each, names, counts.get(each.id, 0)) for each in shown]}


@blueprint.post("/plans/v1/templates")
@blueprint.arguments(TemplateBody)
@blueprint.response(201, TemplateView)
def create_template(body: dict[str, Any]) -> dict[str, Any]:
    """Begin a template: a draft (P1, P2, P6)."""
    building()
    name, asked, by = new_id(), _asked(body), author()
    known = scales_named(scales_of(asked))
    return _written(name, lambda template: domain.draft(template, name, asked, known, by=by))


@blueprint.get("/plans/v1/templates/<template>")
@blueprint.response(200, TemplateView)
def get_template(template: str) -> dict[str, Any]:
    """One template, with its scales (P8)."""
    found, version = visible_template(template)
    g.etag = f'"{version}"'
    return _answered(found, version)


@blueprint.put("/plans/v1/templates/<template>")
@if_match
@blueprint.arguments(TemplateBody)
@blueprint.response(200, TemplateView)
@blueprint.refuses(409)
def revise_template(body: dict[str, Any], template: str) -> dict[str, Any]:
    """Say something else in a draft. A published template no longer changes: clone it (P10)."""
    building()
    asked, by = _asked(body), author()
    known = scales_named(scales_of(asked))
    return _written(known_id(template), lambda state: domain.revise(state, asked, known, by=by))


@blueprint.post("/plans/v1/templates/<template>/publish")
@if_match
@blueprint.response(200, TemplateView)
@blueprint.refuses(409)
def publish_template(template: str) -> dict[str, Any]:
    """Make a draft visible to the whole district, and freeze its scales (P5, P9)."""
    building()
    by, day = author(), today()

    def decision(state: Template | None) -> list[domain.TemplateEvent]:
        return domain.publish(state, scales_named(scales_of(state.content)) if state else {}, by=by, today=day)

    return _written(known_id(template), decision)


@blueprint.post("/plans/v1/templates/<template>/clone")
@blueprint.response(201, TemplateView)
def clone_template(template: str) -> dict[str, Any]:
    """A new draft that says the same (P11)."""
    building()
    name, by = new_id(), author()
    source, _ = visible_template(template)
    return _written(name, lambda copy: domain.clone(copy, name, source, by=by))


def visible_template(name: str) -> tuple[Template, int]:
    """A template that the caller may see, and its version. Raises RoleMayNot, TemplateUnknown."""
    caller = educating()
    template, version = reading().template(caller.district, known_id(name))
    if template is None or (template.published is None and not builds()):
        raise TemplateUnknown
    return template, version


def template_content(content: Content) -> dict[str, Any]:
    """A template's words as they are answered."""
    return {name: getattr(content, name) for name in ("title", "description", "overall", "customisable", "sections")}


def _written(name: str, decision: Any) -> dict[str, Any]:
    decided = write(template_stream(scope().district, name), TEMPLATE, decision)
    if decided.state is None:
        raise TemplateUnknown
    return _answered(decided.state, decided.version)


def _answered(template: Template, version: int) -> dict[str, Any]:
    frozen = template.scales if template.published else scales_named(scales_of(template.content))
    return template_content(template.content) | {
        "id": template.id,
        "status": "published" if template.published else "draft",
        "version": version,
        "scales": {name: scale_body(name, scale) for name, scale in frozen.items()},
        "creator": person(template.creator.person, ports().directory.names(scope(), [template.creator.person])),
        "updated": recorded_at(template_stream(scope().district, template.id), version),
        "published_at": template.published,
        "cloned_from": template.cloned_from,
        "may": _may(template.published is not None),
    }


def _entry(entry: TemplateEntry, names: Any, students: int) -> dict[str, Any]:
    return msgspec.structs.asdict(entry) | {
        "creator": person(entry.creator.person, names),
        "students": students,
        "may": _may(entry.status == "published"),
    }


def _may(published: bool) -> dict[str, bool]:
    draft = builds() and not published
    return {"edit": draft, "publish": draft, "clone": builds(), "assign": published}


def _by_title(entry: TemplateEntry) -> tuple[str, str]:
    return folded(entry.title), entry.id


def _asked(body: dict[str, Any]) -> AskedContent:
    sections = tuple(
        AskedSection(**section | {"items": tuple(AskedItem(**item) for item in section["items"])}) for section in body["sections"]
    )
    description = nh3.clean(body["description"], tags=MARKUP, attributes={"a": {"href"}}, url_schemes=LINKS).strip()
    return AskedContent(**body | {"description": description, "sections": sections})
