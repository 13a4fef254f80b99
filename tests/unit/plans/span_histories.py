"""Histories of one student's plan, made by the domain's own decisions from a list of acts, with a clock that may step back."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from random import Random

from waymark.events.catalogue.plans import OVERALL, Content, Item, Level, LevelScale, PlanEvent, PointsScale, Section
from waymark.events.catalogue.types import Author, Place, Sealed
from waymark.plans.domain import plan as rules
from waymark.plans.domain import refusals, spans
from waymark.plans.domain.template import Template

Act = tuple[str, int, int, int]
"""What is tried, and three small numbers: which item or place, which value, how many days (earlier, or the clock's step)."""
Complete = Callable[[rules.Plan | None, PlanEvent, rules.Plan | None, str], PlanEvent]
ACTS = ("clock", "assign", "update", "update", "update", "hide", "show", "complete", "remove", "reactivate", "move", "move")
ITEMS = (OVERALL, "i1", "i2", "i3")
STREAM = "d1/plan/t1/s1"
BY = Author("teacher1", "teacher")
LEVELS = LevelScale(
    title="Progress", levels=tuple(Level(code=code, label=str(code), short=str(code), colour="#000000") for code in (1, 2, 3))
)
TEMPLATE = Template(
    id="t1",
    content=Content(
        title="Reading",
        overall="levels",
        sections=(
            Section(
                id="s4",
                title="Fluency",
                items=(Item(id="i1", title="a", scale="levels"), Item(id="i2", title="b", scale="points"), Item(id="i3", title="c")),
            ),
        ),
    ),
    creator=BY,
    numbered=4,
    published=date(2026, 1, 1),
    scales={"levels": LEVELS, "points": PointsScale(title="Points", minimum=0, maximum=9)},
)
PLACES = (Place("north", "03"), Place("north", "04"), Place("south", "03"))
VALUES = {OVERALL: (1, 2, 3), "i1": (1, 2, 3), "i2": (0, 2.5, 9.0), "i3": (Sealed("s1", b"a"), Sealed("s1", b"b"), Sealed("s1", b""))}


def random_acts(random: Random, count: int) -> list[Act]:
    acts = [(random.choice(ACTS), random.randrange(4), random.randrange(3), random.randrange(-3, 8)) for _ in range(count)]
    return [("assign", 0, 0, 0), *acts] if random.random() < 0.9 else acts


def history(acts: Iterable[Act], complete: Complete = spans.complete) -> list[PlanEvent]:
    """The completed events that come of these acts; what the rules refuse does not happen."""
    plan: rules.Plan | None = None
    today = date(2026, 9, 1)
    events: list[PlanEvent] = []
    for act in acts:
        if act[0] == "clock":
            today += timedelta(days=act[3])
            continue
        try:
            decided = _decided(plan, act, today)
        except (refusals.PlanUnknown, refusals.PlanClosed, refusals.PlanOpen, refusals.ItemHidden, refusals.ItemUnknown):
            continue
        for event in decided:
            whole = complete(plan, event, rules.evolve(plan, event), STREAM)
            plan = rules.evolve(plan, whole)
            events.append(whole)
    return events


def _decided(plan: rules.Plan | None, act: Act, today: date) -> Sequence[PlanEvent]:
    what, which, value, days = act
    item, place = ITEMS[which % len(ITEMS)], PLACES[value % len(PLACES)]
    earlier = today - timedelta(days=abs(days))
    match what:
        case "assign":
            return rules.assign(plan, place, by=BY, today=today)
        case "update":
            return rules.update_item(plan, TEMPLATE, item, VALUES[item][value], note=None, effective=earlier, by=BY, today=today)
        case "hide":
            return rules.hide_item(plan, TEMPLATE, item, by=BY, today=today)
        case "show":
            return rules.show_item(plan, TEMPLATE, item, by=BY, today=today)
        case "complete":
            return rules.complete(plan, by=BY, today=today)
        case "remove":
            return rules.remove(plan, by=BY, today=today)
        case "reactivate":
            return rules.reactivate(plan, place, by=BY, today=today)
        case _:
            return rules.move(plan, place, effective=earlier, today=today)
