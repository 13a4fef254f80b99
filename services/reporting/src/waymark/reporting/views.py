"""What this service answers from: folds of the plans topic, and the directory that every service folds of the roster's.

Changing what a fold makes, or which events it takes, needs a new version (engine.md, 5).
"""

from __future__ import annotations

from typing import Final

from waymark.events.catalogue.plans import PLAN_EVENTS, TemplatePublished
from waymark.events.project import Projection
from waymark.reporting.folds import history, sheet, span_rows, template
from waymark.service.directory_folds import DIRECTORY

sheets: Final = Projection[sheet.Sheet](
    name="sheets",
    version=1,
    source="plans",
    types=PLAN_EVENTS,
    document=sheet.Sheet,
    keys=sheet.sheet_ids,
    evolve=sheet.fold,
    indexes=(("template", "partition"),),
)
past_rows: Final = Projection[span_rows.SpanRows](
    name="span_rows",
    version=1,
    source="plans",
    types=PLAN_EVENTS,
    document=span_rows.SpanRows,
    keys=span_rows.span_rows_ids,
    evolve=span_rows.fold,
    indexes=(("template", "partition"),),
)
histories: Final = Projection[history.History](
    name="histories",
    version=1,
    source="plans",
    types=PLAN_EVENTS,
    document=history.History,
    keys=history.history_ids,
    evolve=history.fold,
    about="student",
)
templates: Final = Projection[template.Template](
    name="templates",
    version=1,
    source="plans",
    types=(TemplatePublished,),
    document=template.Template,
    keys=template.template_ids,
    evolve=template.fold,
    indexes=(("sort",),),
)

OF_PLANS: Final = (sheets, past_rows, histories, templates)
PROJECTIONS: Final = (*OF_PLANS, *DIRECTORY)
