"""Templates: what the bars are called, in which order they stand, and the scales that were frozen at publishing (P5, P9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from waymark.events.catalogue.plans import OVERALL, Item, Scale, Section, TemplatePublished
from waymark.events.envelope import Recorded

OVERALL_TITLE = "Overall status"


class Template(Struct, frozen=True, kw_only=True):
    """A published template. `sort` orders titles whatever their case; `overall` is a scale's id."""

    id: str
    title: str
    sort: str
    overall: str | None
    sections: tuple[Section, ...]
    scales: dict[str, Scale]
    published: date

    def items(self) -> Iterator[Item]:
        """The overall status, then all items in order."""
        yield Item(id=OVERALL, title=OVERALL_TITLE, scale=self.overall)
        for section in self.sections:
            yield from section.items

    def item(self, item: str) -> Item | None:
        return next((each for each in self.items() if each.id == item), None)

    def scale(self, item: Item) -> Scale | None:
        """Null: free text."""
        return None if item.scale is None else self.scales[item.scale]


def template_id(district: str, template: str) -> str:
    return f"{district}/template/{template}"


def template_ids(recorded: Recorded) -> Iterable[str]:
    event: TemplatePublished = recorded.event  # type: ignore[assignment]  the projection takes this alone
    return (template_id(recorded.district, event.template),)


def fold(_key: str, _before: Template | None, recorded: Recorded) -> Template:
    event: TemplatePublished = recorded.event  # type: ignore[assignment]  the projection takes this alone
    content = event.content
    return Template(
        id=event.template,
        title=content.title,
        sort=content.title.casefold(),
        overall=content.overall,
        sections=content.sections,
        scales=event.scales,
        published=event.effective,
    )
