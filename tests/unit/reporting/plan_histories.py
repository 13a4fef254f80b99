"""A district's year in small: students on two templates, made by the real decisions of plans, with a clock that may step back."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from waymark.events.catalogue.plans import OVERALL, Content, Item, Level, LevelScale, PlanEvent, PointsScale, Section, TemplatePublished
from waymark.events.catalogue.types import Author, Place, Sealed
from waymark.events.envelope import PARTITIONS, Event, Recorded, partition
from waymark.plans.domain import plan as rules
from waymark.plans.domain import refusals, spans
from waymark.plans.domain.template import Template

Act = tuple[str, int, int, int, int]
"""What is tried, and four small numbers: the student, which item or place, which value, how many days (back, or the clock's step)."""
ACTS = (
    "clock",
    "assign",
    "assign",
    "update",
    "update",
    "update",
    "update",
    "hide",
    "show",
    "complete",
    "remove",
    "reactivate",
    "move",
    "move",
)
TEMPLATES = ("t1", "t2")
STUDENTS = tuple(f"student{number:02}" for number in range(8))
SCHOOLS, GRADES = ("north", "south", "hill/top"), ("03", "KG")
ITEMS = (OVERALL, "i1", "i2", "i3")
LANGUAGES = {student: ("es", "en", "")[at % 3] for at, student in enumerate(STUDENTS)}
BY = Author("teacher1", "teacher")
LEVELS = LevelScale(
    title="Progress",
    levels=tuple(
        Level(code=code, label=label, short=label[:3], colour="#3f8f4f") for code, label in ((7, "Behind"), (1, "On track"), (250, "Ahead"))
    ),
)
POINTS = PointsScale(title="Points", minimum=0, maximum=9)
CONTENT = Content(
    title="Reading",
    overall="levels",
    sections=(
        Section(
            id="s1",
            title="Fluency",
            items=(Item(id="i1", title="Aloud", scale="levels"), Item(id="i2", title="Words", scale="points"), Item(id="i3", title="Plan")),
        ),
    ),
)
SCALES = {"levels": LEVELS, "points": POINTS}
PUBLISHED = {
    each: TemplatePublished(template=each, content=CONTENT, scales=SCALES, by=BY, effective=date(2026, 8, 1)) for each in TEMPLATES
}
TEMPLATE = Template(id="t1", content=CONTENT, creator=BY, numbered=4, published=date(2026, 8, 1), scales=SCALES)
VALUES = {OVERALL: (7, 1, 250), "i1": (7, 1, 250), "i2": (0, 5, 2.5), "i3": (Sealed("s", b"a"), Sealed("s", b"b"), Sealed("s", b"c"))}
REFUSALS = (refusals.PlanUnknown, refusals.PlanClosed, refusals.PlanOpen, refusals.ItemHidden)


def random_acts(random: Random, count: int) -> list[Act]:
    begin: list[Act] = [("assign", at, 0, random.randrange(6), 0) for at in range(len(STUDENTS)) if random.random() < 0.6]
    acts = [
        (random.choice(ACTS), random.randrange(8), random.randrange(4), random.randrange(6), random.randrange(-3, 12)) for _ in range(count)
    ]
    return [*begin, *acts]


def happened(acts: Sequence[Act], district: str = "d1", position: int = 0, template: str = "t1") -> list[Recorded]:
    """What came of these acts, as the plans topic tells it; what the rules refuse does not happen. Positions follow `position`."""
    plans: dict[str, rules.Plan | None] = {}
    versions: dict[str, int] = {}
    at = datetime(2026, 9, 1, 8, tzinfo=UTC)
    records: list[Recorded] = []
    for act in acts:
        if act[0] == "clock":
            at += timedelta(days=act[4])
            continue
        student = STUDENTS[act[1] % len(STUDENTS)]
        try:
            decided = _decided(plans.get(student), act, at.date())
        except REFUSALS:
            continue
        for event in decided:
            stream = f"{district}/plan/{template}/{student}"
            before = plans.get(student)
            whole = spans.complete(before, event, rules.evolve(before, event), stream)
            plans[student] = rules.evolve(before, whole)
            versions[student] = versions.get(student, 0) + 1
            at += timedelta(milliseconds=731)
            position += 1
            records.append(recorded(whole, stream, student, versions[student], position, at))
    return records


def recorded(event: Event, stream: str, key: str, version: int, position: int, at: datetime) -> Recorded:
    where = partition(key, PARTITIONS)
    return Recorded(event=event, stream=stream, version=version, key=key, partition=where, position=position, index=0, at=at)


def _decided(plan: rules.Plan | None, act: Act, today: date) -> Sequence[PlanEvent]:
    what, _, which, value, days = act
    item, place = ITEMS[which % len(ITEMS)], Place(SCHOOLS[value % len(SCHOOLS)], GRADES[value % len(GRADES)])
    earlier = today - timedelta(days=abs(days))
    match what:
        case "assign":
            return rules.assign(plan, place, by=BY, today=today)
        case "update":
            told = VALUES[item][value % 3]
            return rules.update_item(plan, TEMPLATE, item, told, note=None, effective=earlier, by=BY, today=today)
        case "hide" | "show":
            decision = rules.hide_item if what == "hide" else rules.show_item
            return decision(plan, TEMPLATE, ITEMS[1 + which % 3], by=BY, today=today)
        case "complete":
            return rules.complete(plan, by=BY, today=today)
        case "remove":
            return rules.remove(plan, by=BY, today=today)
        case "reactivate":
            return rules.reactivate(plan, place, by=BY, today=today)
        case _:
            return rules.move(plan, place, effective=earlier, today=today)


def effective(record: Recorded) -> date:
    return record.event.effective  # type: ignore[attr-defined]  every event of a plan has one
