"""One item's history, for the graph and its trend (P28, P29)."""

from __future__ import annotations

from typing import Any

from waymark.events.catalogue.plans import LevelScale, Scale
from waymark.reporting.api.access import educating, reports
from waymark.reporting.api.schemas import ItemHistory
from waymark.reporting.api.shapes import ShapedBlueprint
from waymark.reporting.domain.trend import Reason, Trend, trend
from waymark.reporting.folds.history import Fact
from waymark.reporting.views import histories, templates
from waymark.service.context import ports
from waymark.service.read import AfterQuery, await_after
from waymark.service.scope import NotFound

blueprint = ShapedBlueprint("history", __name__, description="How one student's item developed")


@blueprint.get("/reporting/v1/plans/<plan>/items/<item>/history")
@blueprint.query(AfterQuery)
@blueprint.response(200, ItemHistory)
def item_history(query: dict[str, Any], plan: str, item: str) -> dict[str, Any]:
    """Every update of one item of a plan (`<template>.<student>`), what else happened, and the trend."""
    template, _, student = plan.partition(".")
    caller = educating()
    caller.reach(student)
    behind = await_after(ports().views, histories, templates)
    found = reports().template(caller, template)
    about, history = found.item(item), reports().histories(caller, template, (student,)).get(student)
    if about is None or history is None:
        raise NotFound(plan)
    scale, updates = found.scale(about), history.updates(item)
    events = [each for each in history.facts if each.kind != "updated" and each.item in ("", item)]
    line = _trend(updates, scale)
    return {
        "item": about.id,
        "title": about.title,
        "kind": "text" if scale is None else "levels" if isinstance(scale, LevelScale) else "points",
        "scale": scale,
        "points": [_point(each, current=each is updates[-1]) for each in updates],
        "events": [_event(each) for each in events],
        "trend": line if isinstance(line, Trend) else None,
        "reason": None if isinstance(line, Trend) else line,
        "newest": max((each.recorded for each in (*updates, *events)), default=None),
        "behind": behind,
    }


def _trend(updates: list[Fact], scale: Scale | None) -> Trend | Reason:
    if scale is None:
        return "free-text"
    ranks = {level.code: rank for rank, level in enumerate(scale.levels)} if isinstance(scale, LevelScale) else None
    values = [(each.effective, each.value) for each in updates if each.value is not None]
    if ranks is not None:
        return trend([(day, float(ranks[int(value)])) for day, value in values if value in ranks])
    return trend([(day, float(value)) for day, value in values])


def _point(fact: Fact, current: bool) -> dict[str, Any]:
    return {
        "effective": fact.effective,
        "recorded": fact.recorded,
        "value": True if fact.value is None else fact.value,
        "role": fact.role,
        "current": current,
    }


def _event(fact: Fact) -> dict[str, Any]:
    return {
        "kind": fact.kind,
        "effective": fact.effective,
        "recorded": fact.recorded,
        "school": fact.school or None,
        "grade": fact.grade or None,
    }
