"""A plan template: what a plan judges, on which scales. A draft until it is published, then as it is for good."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from waymark.events.catalogue.plans import (
    OVERALL,
    Content,
    Item,
    Scale,
    Section,
    TemplateDrafted,
    TemplatePublished,
    TemplateRevised,
)
from waymark.events.catalogue.types import Author
from waymark.plans.domain import refusals
from waymark.plans.domain.refusals import Fault, Unfit
from waymark.plans.domain.texts import DESCRIPTION, GUIDANCE, TITLE, text_faults, title_faults

ITEM_TITLE = 200  # characters: an item may be a whole sentence
MOST_SECTIONS = 50
MOST_ITEMS = 200  # of all sections together
TemplateEvent = TemplateDrafted | TemplateRevised | TemplatePublished
_NUMBERED = re.compile(r"[is]([1-9][0-9]{0,8})")


class AskedItem(Struct, frozen=True, kw_only=True):
    """An item as it is asked for; one without an id is new and gets its id here."""

    id: str | None = None
    title: str
    guidance: str = ""
    scale: str | None = None


class AskedSection(Struct, frozen=True, kw_only=True):
    id: str | None = None
    title: str
    items: tuple[AskedItem, ...] = ()


class AskedContent(Struct, frozen=True, kw_only=True):
    """`description` is sanitised already."""

    title: str
    description: str = ""
    overall: str | None = None
    customisable: bool = True
    sections: tuple[AskedSection, ...] = ()


class Template(Struct, frozen=True, kw_only=True):
    """`scales` are those frozen at publishing, by id. `numbered`: the highest number that any id here ever had."""

    id: str
    content: Content
    creator: Author
    numbered: int
    cloned_from: str | None = None
    published: date | None = None
    scales: dict[str, Scale] = {}


def evolve(template: Template | None, event: TemplateEvent) -> Template:
    content = event.content
    numbered = max([template.numbered if template else 0, *map(_number, ids_of(content))])
    if isinstance(event, TemplateDrafted):
        return Template(id=event.template, content=content, creator=event.by, numbered=numbered, cloned_from=event.cloned_from)
    assert template is not None, "a template begins as a draft"
    if isinstance(event, TemplateRevised):
        return replace(template, content=content, numbered=numbered)
    return replace(template, content=content, numbered=numbered, scales=event.scales, published=event.effective)


def draft(template: Template | None, name: str, asked: AskedContent, scales: Collection[str], *, by: Author) -> list[TemplateEvent]:
    """Begin a template (P2-P4, P6). `scales` are the ids of those it names that exist. Raises Unfit."""
    return [] if template else [TemplateDrafted(template=name, content=_content(asked, scales, None), by=by)]


def revise(template: Template | None, asked: AskedContent, scales: Collection[str], *, by: Author) -> list[TemplateEvent]:
    """Say something else in a draft. Raises TemplateUnknown, TemplatePublished (P10), Unfit."""
    template = _still_draft(template)
    content = _content(asked, scales, template)
    return [] if content == template.content else [TemplateRevised(template=template.id, content=content, by=by)]


def publish(template: Template | None, scales: Mapping[str, Scale], *, by: Author, today: date) -> list[TemplateEvent]:
    """Make a draft visible to the whole district and freeze its scales (P5, P9). Raises TemplateUnknown, TemplatePublished, Unfit."""
    template = _still_draft(template)
    faults = list(_unready(template.content))
    if faults:
        raise Unfit(faults)
    frozen = {name: scales[name] for name in scales_of(template.content)}
    return [TemplatePublished(template=template.id, content=template.content, scales=frozen, by=by, effective=today)]


def clone(copy: Template | None, name: str, source: Template, *, by: Author) -> list[TemplateEvent]:
    """A new draft that says the same (P11); its scales are today's, not those frozen in the source."""
    return [] if copy else [TemplateDrafted(template=name, content=source.content, by=by, cloned_from=source.id)]


def published(template: Template | None) -> Template:
    """The template, if students may be put on it. Raises TemplateUnknown, TemplateDraft."""
    if template is None:
        raise refusals.TemplateUnknown
    if template.published is None:
        raise refusals.TemplateDraft
    return template


def items_of(content: Content) -> Iterator[Item]:
    """All items, in order."""
    return (item for section in content.sections for item in section.items)


def ids_of(content: Content) -> Iterator[str]:
    """The ids of all sections and items."""
    for section in content.sections:
        yield section.id
        yield from (item.id for item in section.items)


def scales_of(content: Content | AskedContent) -> set[str]:
    """The ids of the scales that a template names."""
    named = {item.scale for section in content.sections for item in section.items}
    return {scale for scale in named | {content.overall} if scale}


def item_scale(template: Template, item: str) -> Scale | None:
    """The scale of an item or of the overall status, null for free text. Raises ItemUnknown."""
    if item == OVERALL and template.content.overall:
        return template.scales[template.content.overall]
    for each in items_of(template.content):
        if each.id == item:
            return template.scales[each.scale] if each.scale else None
    raise refusals.ItemUnknown(item, [OVERALL, *(each.id for each in items_of(template.content))])


def _still_draft(template: Template | None) -> Template:
    if template is None:
        raise refusals.TemplateUnknown
    if template.published is not None:
        raise refusals.TemplatePublished
    return template


def _unready(content: Content) -> Iterator[Fault]:
    if content.overall is None:
        yield Fault(("overall",), "required-to-publish")
    if not any(items_of(content)):
        yield Fault(("sections",), "item-required-to-publish", 1)


def _content(asked: AskedContent, scales: Collection[str], template: Template | None) -> Content:
    faults = list(_faults(asked, scales, set(ids_of(template.content)) if template else set()))
    if faults:
        raise Unfit(faults)
    # Ids are numbers that are never used again: what was recorded about an item is about no other.
    number = template.numbered if template else 0

    def numbered(kind: str, known: str | None) -> str:
        nonlocal number
        number += known is None
        return known or f"{kind}{number}"

    sections: list[Section] = []
    for section in asked.sections:
        name = numbered("s", section.id)
        items = [Item(id=numbered("i", item.id), title=item.title, guidance=item.guidance, scale=item.scale) for item in section.items]
        sections.append(Section(id=name, title=section.title, items=tuple(items)))
    return Content(
        title=asked.title,
        description=asked.description,
        overall=asked.overall,
        customisable=asked.customisable,
        sections=tuple(sections),
    )


def _faults(asked: AskedContent, scales: Collection[str], known: Collection[str]) -> Iterator[Fault]:
    yield from title_faults(asked.title, ("title",), TITLE)
    yield from text_faults(asked.description, ("description",), DESCRIPTION)
    yield from _scale_faults(asked.overall, ("overall",), scales)
    if len(asked.sections) > MOST_SECTIONS:
        yield Fault(("sections",), "too-many", MOST_SECTIONS)
    if sum(len(section.items) for section in asked.sections) > MOST_ITEMS:
        yield Fault(("sections",), "too-many-items", MOST_ITEMS)
    seen: set[str] = set()
    for place, part in _parts(asked.sections):
        yield from title_faults(part.title, (*place, "title"), TITLE if isinstance(part, AskedSection) else ITEM_TITLE)
        if part.id is not None:
            kind = "s" if isinstance(part, AskedSection) else "i"
            if part.id not in known or not part.id.startswith(kind):
                yield Fault((*place, "id"), "unknown-id")
            elif part.id in seen:
                yield Fault((*place, "id"), "duplicate")
            seen.add(part.id)
        if isinstance(part, AskedItem):
            yield from text_faults(part.guidance, (*place, "guidance"), GUIDANCE)
            yield from _scale_faults(part.scale, (*place, "scale"), scales)


def _parts(sections: Iterable[AskedSection]) -> Iterator[tuple[tuple[str | int, ...], AskedSection | AskedItem]]:
    for at, section in enumerate(sections):
        yield ("sections", at), section
        for within, item in enumerate(section.items):
            yield ("sections", at, "items", within), item


def _scale_faults(scale: str | None, place: tuple[str | int, ...], scales: Collection[str]) -> Iterator[Fault]:
    if scale is not None and scale not in scales:
        yield Fault(place, "unknown-scale")


def _number(name: str) -> int:
    match = _NUMBERED.fullmatch(name)
    return int(match[1]) if match else 0
