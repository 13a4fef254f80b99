"""What the demo district follows: its scales and plan templates."""

from __future__ import annotations

from msgspec import Struct

from waymark.events.catalogue.plans import Level, LevelScale, PointsScale, Scale
from waymark.plans.domain.template import AskedContent, AskedItem, AskedSection


def levels(title: str, *said: tuple[str, str, str]) -> LevelScale:
    """A scale from (label, short label, colour), first to last."""
    steps = (Level(code=code, label=label, short=short, colour=colour) for code, (label, short, colour) in enumerate(said, 1))
    return LevelScale(title=title, levels=tuple(steps))


SCALES: dict[str, Scale] = {
    "progress": levels(
        "Progress towards the goal",
        ("Needs intensive support", "Intensive", "#b3261e"),
        ("Making some progress", "Some", "#e8a33d"),
        ("On track", "On track", "#4c8bf5"),
        ("Goal met", "Met", "#1e7d4f"),
    ),
    "often": levels("How often", ("Rarely", "Rarely", "#b3261e"), ("Sometimes", "Some", "#e8a33d"), ("Almost always", "Always", "#1e7d4f")),
    "words": PointsScale(title="Words correct a minute", minimum=0, maximum=200),
    "credits": PointsScale(title="Credits earned", minimum=0, maximum=24),
    "percent": PointsScale(title="Points of 100", minimum=0, maximum=100),
}
"""By the id that the demo gives them."""


class Followed(Struct, frozen=True, kw_only=True):
    """A template of the demo: whom it is for (grades), and what share of them is on it."""

    id: str
    content: AskedContent
    grades: tuple[str, ...]
    share: float
    published: bool = True


YOUNG, TEEN = ("KG", "01", "02", "03", "04", "05"), ("06", "07", "08", "09", "10", "11", "12")


def item(title: str, scale: str | None, guidance: str = "") -> AskedItem:
    return AskedItem(title=title, scale=scale, guidance=guidance)


TEMPLATES: tuple[Followed, ...] = (
    Followed(
        id="reading",
        grades=YOUNG,
        share=0.45,
        content=AskedContent(
            title="Reading intervention (tier 2)",
            description="<p>For readers who need <strong>more practice in a small group</strong>, three times a week. "
            "Update fluency every two weeks; meet with the team when two updates in a row are below the goal.</p>",
            overall="progress",
            sections=(
                AskedSection(
                    title="Fluency and accuracy",
                    items=(
                        item("Oral reading fluency", "words", "One minute, grade-level passage, errors subtracted."),
                        item("Decoding of new words", "progress"),
                    ),
                ),
                AskedSection(
                    title="Understanding",
                    items=(
                        item("Retells the main idea", "progress"),
                        item("Answers questions about the text", "progress", "Who, what, where, why; at least four of five."),
                        item("What helps this reader", None, "A sentence or two that the next teacher should know."),
                    ),
                ),
                AskedSection(title="Taking part", items=(item("Comes to the small group", "often"),)),
            ),
        ),
    ),
    Followed(
        id="check-in",
        grades=(*YOUNG, *TEEN),
        share=0.18,
        content=AskedContent(
            title="Check-in / check-out",
            description="<p>A short talk in the morning, a short look back in the afternoon, with one adult the student trusts.</p>",
            overall="progress",
            sections=(
                AskedSection(
                    title="Through the day",
                    items=(
                        item("Arrives ready", "often"),
                        item("Keeps going when work is hard", "often"),
                        item("Asks for help", "often"),
                        item("Daily points", "percent", "The sum of the day's card."),
                    ),
                ),
                AskedSection(title="At home", items=(item("The family has seen the card", "often"),)),
            ),
        ),
    ),
    Followed(
        id="graduation",
        grades=("09", "10", "11", "12"),
        share=0.7,
        content=AskedContent(
            title="Graduation pathway",
            description="<p>What a diploma takes, one step after the other. Look at it with the student <em>once a term</em>.</p>",
            overall="progress",
            sections=(
                AskedSection(
                    title="Credits",
                    items=(item("Credits earned", "credits", "24 are needed."), item("Credit recovery", "progress")),
                ),
                AskedSection(
                    title="After school",
                    items=(
                        item("Plan for college or career", "progress"),
                        item("Financial aid application", "progress"),
                        item("What I want to do next", None, "In the student's own words."),
                    ),
                ),
            ),
        ),
    ),
    Followed(
        id="attendance",
        grades=TEEN,
        share=0.3,
        content=AskedContent(
            title="Attendance success plan",
            description="<p>For students who miss more than one day in ten.</p>",
            overall="percent",
            customisable=False,
            sections=(
                AskedSection(
                    title="Coming to school",
                    items=(
                        item("Days attended", "percent", "Percent of school days since the last update."),
                        item("Comes on time", "often"),
                    ),
                ),
            ),
        ),
    ),
    Followed(
        id="gifted",
        grades=(),
        share=0,
        published=False,
        content=AskedContent(
            title="Gifted enrichment (draft)",
            description="<p>Being written by the enrichment team.</p>",
            overall="progress",
            sections=(AskedSection(title="Independent project", items=(item("Question and plan", "progress"),)),),
        ),
    ),
)
