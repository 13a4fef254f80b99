"""A school year of a student's plan, made by the plan's own decisions with an invented but plausible student.

Pure: the same seed tells the same year. The events are exactly those that the API would have recorded on those days.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from waymark.events.catalogue.plans import OVERALL, LevelScale, PlanEvent, PointsScale
from waymark.events.catalogue.types import Author, Place, Sealed
from waymark.plans.api.plan_page import NOTE, TEXT
from waymark.plans.domain import plan as rules
from waymark.plans.domain.plan import Plan
from waymark.plans.domain.template import Template, item_scale, items_of

Seal = Callable[[str, str, str], Sealed]
"""(student, field, text) -> sealed text."""
Fact = tuple[date, Callable[[Plan | None], Sequence[PlanEvent]]]
NOTES = (
    "Worked well in the small group today.",
    "Tired this week; try again on Monday.",
    "Read to a younger student and was proud of it.",
    "Talked with the family; they practise at home now.",
    "New strategy helps: covering the lines below.",
    "Missed two sessions.",
)
WISHES = ("Nursing at the community college.", "An apprenticeship as an electrician.", "Study biology.", "Join the family business.")
HELPS = ("Reads best aloud with a partner.", "A quiet corner and a bookmark.", "Books about animals.", "Hearing the text once first.")


class Enrolled(Struct, frozen=True, kw_only=True):
    """A student of the demo, where they go to school, and who teaches them."""

    student: str
    place: Place
    teachers: tuple[str, ...]


def year(template: Template, enrolled: Enrolled, *, today: date, chance: random.Random, seal: Seal) -> Iterator[Fact]:
    """The days of one plan and what was decided on each, in the order in which it was recorded."""
    by = Author(chance.choice(enrolled.teachers), "teacher")
    begin = today - timedelta(days=chance.randint(210, 290))
    yield begin, lambda plan: rules.assign(plan, enrolled.place, by=by, today=begin)
    if chance.random() < 0.1:
        return  # nobody has updated this student yet
    if template.content.customisable and chance.random() < 0.12:
        hidden = chance.choice([each.id for each in items_of(template.content)])
        yield begin, lambda plan: rules.hide_item(plan, template, hidden, by=by, today=begin)
    else:
        hidden = ""
    fate, end = chance.random(), today - timedelta(days=chance.randrange(1, 40))
    last = end if fate < 0.09 else today
    ability, gain = chance.gauss(0.4, 0.15), chance.gauss(0.005, 0.007)  # of the whole scale, and its growth a week
    for week in range(1, (today - begin).days // 7):
        day = begin + timedelta(days=7 * week + chance.randrange(5))
        if day > last or day.month == 7 or (day.month == 8 and day.day < 15):
            continue
        for item in (OVERALL, *(each.id for each in items_of(template.content))):
            if item != hidden and chance.random() < (0.16 if item == OVERALL else 0.2):
                yield day, _update(template, item, ability + gain * week, by, day, chance, seal, enrolled.student)
    if fate < 0.06:
        yield end, lambda plan: rules.complete(plan, by=by, today=end)
    elif fate < 0.09:
        yield end, lambda plan: rules.remove(plan, by=by, today=end)


def _update(
    template: Template, item: str, strength: float, by: Author, day: date, chance: random.Random, seal: Seal, student: str
) -> Callable[[Plan | None], Sequence[PlanEvent]]:
    scale = item_scale(template, item)
    strength = min(1.0, max(0.0, strength + chance.gauss(0, 0.09)))
    value: int | float | Sealed
    match scale:
        case LevelScale():
            value = scale.levels[min(len(scale.levels) - 1, int(strength * len(scale.levels)))].code
        case PointsScale():
            value = float(round(scale.minimum + strength * (scale.maximum - scale.minimum)))
        case None:
            value = seal(student, TEXT, chance.choice(WISHES if template.id == "graduation" else HELPS))
    note = seal(student, NOTE, chance.choice(NOTES)) if chance.random() < 0.25 else None

    def decision(plan: Plan | None) -> Sequence[PlanEvent]:
        if plan is None or plan.status != "open":
            return []
        return rules.update_item(plan, template, item, value, note=note, effective=day, by=by, today=day)

    return decision
