"""Templates: a draft until published, then as it is for good."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.plans.facts import BY, LEVELS, TEMPLATE, TODAY, drafted, given, published
from waymark.events.catalogue.plans import Content, Item, Section, TemplateDrafted, TemplatePublished, TemplateRevised
from waymark.plans.domain import refusals
from waymark.plans.domain import template as rules
from waymark.plans.domain.refusals import Fault
from waymark.plans.domain.template import AskedContent, AskedItem, AskedSection

SCALES = {"levels", "points"}


def item(title: str = "Reads aloud", **more: Any) -> AskedItem:
    return AskedItem(title=title, **more)


def content(*items: AskedItem, **more: Any) -> AskedContent:
    return AskedContent(**{"title": "Reading", "overall": "levels", "sections": (AskedSection(title="Fluency", items=items),)} | more)


def asked_again(said: Content) -> AskedContent:
    """What an editor sends back when nothing was changed."""
    sections = tuple(
        AskedSection(
            id=each.id,
            title=each.title,
            items=tuple(AskedItem(id=one.id, title=one.title, guidance=one.guidance, scale=one.scale) for one in each.items),
        )
        for each in said.sections
    )
    return AskedContent(
        title=said.title, description=said.description, overall=said.overall, customisable=said.customisable, sections=sections
    )


def test_p6_a_draft_keeps_sections_and_items_in_order_and_numbers_them() -> None:
    asked = content(item("a", scale="levels"), item("b"), description="<p>Why</p>")
    given().when(rules.draft, "t1", asked, SCALES, by=BY).then(
        TemplateDrafted(
            template="t1",
            content=Content(
                title="Reading",
                description="<p>Why</p>",
                overall="levels",
                sections=(Section(id="s1", title="Fluency", items=(Item(id="i2", title="a", scale="levels"), Item(id="i3", title="b"))),),
            ),
            by=BY,
        )
    )


def test_an_items_id_survives_moving_it_and_is_never_used_again() -> None:
    sections = (AskedSection(title="New", items=(item("b", id="i2"),)), AskedSection(id="s4", title="Fluency", items=(item("d"),)))
    revised = given(drafted()).when(rules.revise, content(sections=sections), SCALES, by=BY).only
    assert [(each.id, [one.id for one in each.items]) for each in revised.content.sections] == [("s5", ["i2"]), ("s4", ["i6"])]
    again = given(drafted(), revised).when(rules.revise, content(item("e")), SCALES, by=BY).only
    assert [one.id for one in rules.items_of(again.content)] == ["i8"]


def test_saying_the_same_again_records_nothing() -> None:
    given(drafted()).when(rules.revise, asked_again(TEMPLATE.content), SCALES, by=BY).then()


@pytest.mark.parametrize(
    "asked, fault",
    [
        (content(title=""), Fault(("title",), "blank", 60)),
        (content(title="x" * 61), Fault(("title",), "too-long", 60)),
        (content(description="x" * 5001), Fault(("description",), "too-long", 5000)),
        (content(overall="gone"), Fault(("overall",), "unknown-scale")),
        (content(item(scale="gone")), Fault(("sections", 0, "items", 0, "scale"), "unknown-scale")),
        (content(item(" ")), Fault(("sections", 0, "items", 0, "title"), "blank", 200)),
        (content(item("x" * 201)), Fault(("sections", 0, "items", 0, "title"), "too-long", 200)),
        (content(item(guidance="x" * 2001)), Fault(("sections", 0, "items", 0, "guidance"), "too-long", 2000)),
        (content(item(id="i77")), Fault(("sections", 0, "items", 0, "id"), "unknown-id")),
        (content(item(id="overall")), Fault(("sections", 0, "items", 0, "id"), "unknown-id")),
        (content(item(id="s4")), Fault(("sections", 0, "items", 0, "id"), "unknown-id")),
        (content(item(id="i1"), item(id="i1")), Fault(("sections", 0, "items", 1, "id"), "duplicate")),
        (content(*(item() for _ in range(201))), Fault(("sections",), "too-many-items", 200)),
        (content(sections=tuple(AskedSection(title="x") for _ in range(51))), Fault(("sections",), "too-many", 50)),
        (content(sections=(AskedSection(title="x" * 61),)), Fault(("sections", 0, "title"), "too-long", 60)),
    ],
)
def test_p2_p3_what_no_template_may_say_is_refused_with_its_place_and_limit(asked: AskedContent, fault: Fault) -> None:
    given(drafted()).when(rules.revise, asked, SCALES, by=BY).refuses(refusals.Unfit, faults=(fault,))


def test_p2_sixty_characters_are_a_title() -> None:
    assert given().when(rules.draft, "t1", content(title="x" * 60), SCALES, by=BY).only.content.title == "x" * 60


def test_p5_p9_publishing_freezes_the_scales_that_the_template_names() -> None:
    scales = TEMPLATE.scales | {"other": LEVELS}
    given(drafted()).when(rules.publish, scales, by=BY, today=TODAY).then(
        TemplatePublished(template="t1", content=TEMPLATE.content, scales=TEMPLATE.scales, by=BY, effective=TODAY)
    )


@pytest.mark.parametrize(
    "lacking, fault",
    [
        ({"overall": None}, Fault(("overall",), "required-to-publish")),
        ({"sections": (Section(id="s4", title="Empty", items=()),)}, Fault(("sections",), "item-required-to-publish", 1)),
    ],
)
def test_p9_an_unfinished_draft_is_not_published(lacking: dict[str, Any], fault: Fault) -> None:
    unfinished = TemplateRevised(template="t1", content=replace(TEMPLATE.content, **lacking), by=BY)
    outcome = given(drafted(), unfinished).when(rules.publish, TEMPLATE.scales, by=BY, today=TODAY)
    outcome.refuses(refusals.Unfit, faults=(fault,))


def test_p5_p10_a_published_template_no_longer_changes() -> None:
    state = given(drafted(), published())
    state.when(rules.revise, content(item()), SCALES, by=BY).refuses(refusals.TemplatePublished)
    state.when(rules.publish, TEMPLATE.scales, by=BY, today=TODAY).refuses(refusals.TemplatePublished)


def test_p11_a_clone_is_a_new_draft_that_says_the_same() -> None:
    source = given(drafted(), published()).state
    given().when(rules.clone, "t2", source, by=BY).then(TemplateDrafted(template="t2", content=TEMPLATE.content, by=BY, cloned_from="t1"))


def test_p9_students_are_put_on_published_templates_only() -> None:
    assert rules.published(given(drafted(), published()).state).scales == TEMPLATE.scales
    with pytest.raises(refusals.TemplateDraft):
        rules.published(given(drafted()).state)
    with pytest.raises(refusals.TemplateUnknown):
        rules.published(None)
