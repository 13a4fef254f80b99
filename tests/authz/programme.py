"""A district's scales, templates and plans, decided by the rules of the plans service under ids of our choice."""

from __future__ import annotations

from typing import Final, TypeVar
from uuid import uuid4

from waymark.events.catalogue.plans import OVERALL, Scale
from waymark.events.catalogue.types import Author, Place, Role
from waymark.events.decide import Aggregate, Decision, decide
from waymark.events.envelope import Meta
from waymark.plans.domain import plan as plans
from waymark.plans.domain import scale as scales
from waymark.plans.domain import template as templates
from waymark.plans.streams import PLAN, SCALE, TEMPLATE, plan_stream, scale_stream, template_stream
from waymark.service.testing import TestDistrict

SHARED_SCALE, SHARED_TEMPLATE = "shared-scale", "shared-template"
"""Ids that mean something else in each district."""
ITEM: Final = "i2"
"""The first item of every template, judged on its scale; `i3` is free text."""
S = TypeVar("S")
LEVELS: Final = (("Begun", "Begun", "#b3261e"), ("Going", "Going", "#e8a33d"), ("Arrived", "Arrived", "#1e7d4f"))


class Programme:
    """One district's. `own_...` are ids that only this district has; every title begins with `word`."""

    def __init__(self, district: TestDistrict, author: str, role: Role, word: str) -> None:
        self.district, self.word, self.by = district, word, Author(author, role)
        self._store = district.folder.store("plans")
        self._templates: dict[str, templates.Template] = {}
        self.own_scale, self.own_template, self.own_draft = f"{word}-scale", f"{word}-template", f"{word}-draft"
        definitions = {name: self._scale(name) for name in (SHARED_SCALE, self.own_scale)}
        self._template(SHARED_TEMPLATE, SHARED_SCALE, definitions)
        self._template(self.own_template, self.own_scale, definitions)
        self._template(self.own_draft, self.own_scale, None)

    def assign(self, student: str, place: Place, template: str = SHARED_TEMPLATE) -> None:
        """Put a student on a plan and judge the overall status and an item."""
        stream, content, today, by = (
            plan_stream(self.district.id, template, student),
            self._templates[template],
            self.district.today,
            self.by,
        )
        self._decide(stream, PLAN, lambda plan: plans.assign(plan, place, by=by, today=today))
        note = self.district.keyring.seal(student, "note", f"{self.word} note about {student}")
        for item in (OVERALL, ITEM):
            self._decide(
                stream,
                PLAN,
                lambda plan, item=item: plans.update_item(plan, content, item, 1, note=note, effective=None, by=by, today=today),
            )

    def _scale(self, name: str) -> Scale:
        levels = tuple(scales.AskedLevel(label=label, short=short, colour=colour) for label, short, colour in LEVELS)
        asked = scales.AskedLevels(title=f"{self.word} scale", levels=levels)
        state = self._decide(scale_stream(self.district.id, name), SCALE, lambda state: scales.define(state, name, asked, by=self.by))
        return state.definition

    def _template(self, name: str, scale: str, definitions: dict[str, Scale] | None) -> None:
        """Drafted, and published where its scales' definitions are given."""
        stream, by, today = template_stream(self.district.id, name), self.by, self.district.today
        items = (templates.AskedItem(title="Reads", scale=scale), templates.AskedItem(title="Says"))
        sections = (templates.AskedSection(title="Reading", items=items),)
        asked = templates.AskedContent(title=f"{self.word} {name}", overall=scale, sections=sections)
        drafted = self._decide(stream, TEMPLATE, lambda state: templates.draft(state, name, asked, [scale], by=by))
        self._templates[name] = drafted
        if definitions:
            self._templates[name] = self._decide(stream, TEMPLATE, lambda state: templates.publish(state, definitions, by=by, today=today))

    def _decide(self, stream: str, aggregate: Aggregate[S], decision: Decision[S]) -> S:
        state = decide(self._store, stream, aggregate, decision, str(uuid4()), Meta()).state
        assert state is not None
        return state
