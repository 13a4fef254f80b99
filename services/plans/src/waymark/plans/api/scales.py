"""Scales: what statuses are judged on."""

from __future__ import annotations

from typing import Any

from flask import g

from waymark.events.catalogue.plans import LevelScale, PointsScale, Scale
from waymark.events.decide import load
from waymark.plans.api.access import building, educating, known_id
from waymark.plans.api.reading import all_of
from waymark.plans.api.schemas import ScaleBody, ScaleList, ScaleView
from waymark.plans.domain import scale as domain
from waymark.plans.domain.refusals import ScaleUnknown
from waymark.plans.names import folded
from waymark.plans.streams import SCALE, scale_stream
from waymark.plans.views import scales
from waymark.service.blueprint import Blueprint
from waymark.service.context import author, ports, scope, store
from waymark.service.read import PageQuery, await_after, page_of
from waymark.service.write import if_match, new_id, write

blueprint = Blueprint("scales", __name__, description="Scales: levels in order, or points")


@blueprint.get("/plans/v1/scales")
@blueprint.query(PageQuery)
@blueprint.response(200, ScaleList)
def list_scales(query: dict[str, Any]) -> dict[str, Any]:
    """The district's scales, by title."""
    educating()
    behind = await_after(ports().views, scales)
    found = sorted(all_of(scales), key=lambda each: (folded(each.definition.title), each.id))
    shown, page = page_of(found, lambda each: each.id, query, behind)
    return page | {"items": [scale_body(each.id, each.definition) for each in shown]}


@blueprint.post("/plans/v1/scales")
@blueprint.arguments(ScaleBody)
@blueprint.response(201, ScaleView)
def create_scale(body: dict[str, Any]) -> dict[str, Any]:
    """Define a scale."""
    building()
    name, asked = new_id(), _asked(body)
    decided = write(scale_stream(scope().district, name), SCALE, lambda state: domain.define(state, name, asked, by=author()))
    return _answered(decided.state)


@blueprint.get("/plans/v1/scales/<scale>")
@blueprint.response(200, ScaleView)
def get_scale(scale: str) -> dict[str, Any]:
    """One scale, as it is now."""
    educating()
    state, version = load(store(), scale_stream(scope().district, known_id(scale)), SCALE)
    g.etag = f'"{version}"'
    return _answered(state)


@blueprint.put("/plans/v1/scales/<scale>")
@if_match
@blueprint.arguments(ScaleBody)
@blueprint.response(200, ScaleView)
@blueprint.refuses(409)
def revise_scale(body: dict[str, Any], scale: str) -> dict[str, Any]:
    """Change a scale. Templates already published keep the one that they were published with."""
    building()
    asked, by = _asked(body), author()
    decided = write(scale_stream(scope().district, known_id(scale)), SCALE, lambda state: domain.revise(state, asked, by=by))
    return _answered(decided.state)


def scale_body(name: str, scale: Scale) -> dict[str, Any]:
    """A scale as it is answered."""
    if isinstance(scale, LevelScale):
        return {"id": name, "title": scale.title, "kind": "levels", "levels": scale.levels, "minimum": None, "maximum": None}
    return {"id": name, "title": scale.title, "kind": "points", "levels": None, "minimum": scale.minimum, "maximum": scale.maximum}


def _answered(state: domain.ScaleState | None) -> dict[str, Any]:
    if state is None:
        raise ScaleUnknown
    return scale_body(state.id, state.definition)


def _asked(body: dict[str, Any]) -> domain.Asked:
    if body["kind"] == "points":
        return PointsScale(title=body["title"], minimum=body["minimum"], maximum=body["maximum"])
    return domain.AskedLevels(title=body["title"], levels=tuple(domain.AskedLevel(**level) for level in body["levels"]))
