"""A status in words: its level's label and colour, or its number."""

from __future__ import annotations

from typing import Any

from waymark.events.catalogue.plans import LevelScale
from waymark.plans.domain.template import Template
from waymark.plans.rows import Row


def overall(template: Template, row: Row) -> dict[str, Any] | None:
    """The overall status of a row; None while nobody updated it."""
    if row.overall is None:
        return None
    scale = template.scales[template.content.overall or ""]
    if isinstance(scale, LevelScale):
        level = next(each for each in scale.levels if each.code == row.overall)
        return {"value": row.overall, "label": level.label, "colour": level.colour}
    return {"value": row.overall, "label": f"{row.overall:g}", "colour": None}
