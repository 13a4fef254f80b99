"""The one table of what this service refuses, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from waymark.events.catalogue.plans import LevelScale
from waymark.plans.domain import refusals as domain
from waymark.service.body import escaped
from waymark.service.problems import Fault, Refusal

FAULTS: Final[Mapping[str, str]] = {
    "blank": "It needs a text of at most {allowed} characters.",
    "too-long": "At most {allowed} characters.",
    "not-one-line": "One line of at most {allowed} characters, without control characters.",
    "too-few": "At least {allowed}.",
    "too-many": "At most {allowed}.",
    "too-many-items": "At most {allowed} items in all sections together.",
    "duplicate": "It is there twice.",
    "not-a-colour": "A colour is written {allowed}.",
    "out-of-range": "It is out of range (at most {allowed}).",
    "not-above-minimum": "It must be above the minimum, {allowed}.",
    "unknown-code": "This scale has no such level now. Leave the code out for a new level.",
    "codes-used-up": "A scale can have {allowed} levels in its life, and this one had them. Make a new scale.",
    "unknown-scale": "There is no such scale.",
    "unknown-id": "This template has no such section or item now. Leave the id out for a new one.",
    "required-to-publish": "Choose a scale for the overall status before publishing.",
    "item-required-to-publish": "Add at least one item before publishing.",
}
"""A fault's code -> its words; `allowed` is filled in."""


def _always(text: str) -> Callable[[Exception], str]:
    return lambda _: text


def _faults(refused: domain.Unfit) -> dict[str, Any]:
    return {
        "errors": [
            Fault(
                "".join(f"/{escaped(str(step))}" for step in each.place),
                each.code,
                FAULTS[each.code].format(allowed=each.allowed),
                each.allowed,
            )
            for each in refused.faults
        ]
    }


def _on_scale(refused: domain.NotOnScale) -> dict[str, Any]:
    scale = refused.scale
    if scale is None:
        return {"errors": [Fault("/value", "not-a-text", "This item takes a text.", "text")]}
    if isinstance(scale, LevelScale):
        allowed: Any = [{"value": level.code, "label": level.label} for level in scale.levels]
        return {"errors": [Fault("/value", "not-on-scale", "This item takes one of its scale's levels, by code.", allowed)]}
    allowed = {"minimum": scale.minimum, "maximum": scale.maximum}
    words = f"This item takes a number from {scale.minimum:g} to {scale.maximum:g}."
    return {"errors": [Fault("/value", "not-on-scale", words, allowed)]}


def _future(refused: domain.FutureDate) -> dict[str, Any]:
    today = refused.today.isoformat()
    return {"errors": [Fault("/effective", "future-date", f"Today ({today}) or earlier.", {"maximum": today})]}


def _long_ago(refused: domain.TooLongAgo) -> dict[str, Any]:
    earliest = refused.earliest.isoformat()
    return {"errors": [Fault("/effective", "too-long-ago", f"{earliest} or later.", {"minimum": earliest})]}


_NOT_FOUND: Final = Refusal(404, "not-found", "Not found", _always("There is no such thing, or it is not for you to see."))

REFUSALS: Final[Mapping[type[Exception], Refusal]] = {
    domain.Unfit: Refusal(
        422, "invalid", "The request is not valid", lambda refused: f"Places that are wrong: {len(refused.faults)}.", _faults
    ),
    domain.ScaleUnknown: _NOT_FOUND,
    domain.TemplateUnknown: _NOT_FOUND,
    domain.PlanUnknown: _NOT_FOUND,
    domain.KindFixed: Refusal(
        409,
        "scale-kind-fixed",
        "A scale keeps its kind",
        _always("Levels do not become points, nor points levels. Make a new scale."),
        lambda refused: {"kind": refused.kind},
    ),
    domain.TemplatePublished: Refusal(
        409,
        "template-published",
        "The template is published",
        _always("A published template no longer changes. Clone it, and change the clone."),
    ),
    domain.TemplateDraft: Refusal(
        409, "template-draft", "The template is a draft", _always("Students can be put on it once it is published.")
    ),
    domain.PlanClosed: Refusal(
        409,
        "plan-closed",
        "The plan is closed",
        lambda refused: f"This plan is {refused.status}. Reactivate it to change it.",
        lambda refused: {"plan_status": refused.status},
    ),
    domain.PlanOpen: Refusal(409, "plan-open", "The plan is open", _always("Only a completed or removed plan can be reactivated.")),
    domain.ItemUnknown: Refusal(
        404, "item-unknown", "No such item", _always("The template has no such item."), lambda refused: {"allowed": list(refused.allowed)}
    ),
    domain.ItemHidden: Refusal(
        409,
        "item-hidden",
        "The item is hidden",
        _always("A hidden item takes no updates. Show it first."),
        lambda refused: {"item": refused.item},
    ),
    domain.NotCustomisable: Refusal(
        409, "not-customisable", "Items stay as they are", _always("This template does not let educators show and hide items.")
    ),
    domain.NotOnScale: Refusal(
        422, "not-on-scale", "The value is not on the scale", _always("The item does not take this value."), _on_scale
    ),
    domain.FutureDate: Refusal(
        422, "future-date", "The date is in the future", _always("What has not happened yet cannot be recorded."), _future
    ),
    domain.TooLongAgo: Refusal(
        422, "too-long-ago", "The date is too long ago", _always("The effective date looks like a slip of the pen."), _long_ago
    ),
}
