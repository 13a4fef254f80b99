"""Whatever comes in is answered, in the one shape of refusals, and never with a fault of the service."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.plans.conftest import LEVELS, POINTS, House

scalar = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70)
anything = st.recursive(
    scalar, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=8
)
NAMES = ("title", "kind", "levels", "minimum", "maximum", "code", "label", "short", "colour", "description", "overall", "customisable")
MORE = ("sections", "items", "id", "guidance", "scale", "students", "value", "note", "effective")
nearly = st.recursive(
    scalar, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES + MORE), inner, max_size=6), max_leaves=12
)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def spoilt(draw: st.DrawFn, good: dict[str, Any]) -> Any:
    """A good body with one part, somewhere, replaced by anything."""
    body = dict(good)
    place: Any = body
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw(st.sampled_from(keys))
        below = place[key]
        if not isinstance(below, (dict, list)) or not below or draw(st.booleans()):
            place[key] = draw(anything)
            return body
        place[key] = dict(below) if isinstance(below, dict) else list(below)
        place = place[key]


@pytest.fixture(scope="module")
def addresses(lasting: House) -> list[str]:
    template, student = lasting.template(), lasting.district.student()
    (plan,) = lasting.assign(template, student)
    lasting.district._workers = []  # nobody needs the folds of what this module writes
    return [
        "scales",
        "templates",
        f"templates/{template}/students",
        f"plans/{plan}/items/i4/updates",
        f"plans/{plan}/items/overall/updates",
    ]


def answered(house: House, address: str, body: Any) -> None:
    answer = house.client().post(f"/plans/v1/{address}", data=json.dumps(body), content_type="application/json")
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.content_type == "application/problem+json"
        assert answer.json is not None
        assert {"code", "title", "status", "detail", "errors"} <= set(answer.json)


@quick
@given(body=anything | nearly, which=st.integers(0, 4))
def test_no_body_is_a_fault_of_the_service(lasting: House, addresses: list[str], body: Any, which: int) -> None:
    answered(lasting, addresses[which], body)


@quick
@given(body=spoilt(LEVELS) | spoilt(POINTS))
def test_no_nearly_good_scale_is_a_fault_of_the_service(lasting: House, addresses: list[str], body: Any) -> None:
    answered(lasting, addresses[0], body)


GOOD = {
    "title": "Reading",
    "description": "<p>Why</p>",
    "overall": None,
    "customisable": True,
    "sections": [{"title": "Fluency", "items": [{"title": "Reads aloud", "guidance": "", "scale": None}]}],
}


@quick
@given(body=spoilt(GOOD))
def test_no_nearly_good_template_is_a_fault_of_the_service(lasting: House, addresses: list[str], body: Any) -> None:
    answered(lasting, addresses[1], body)


@settings(quick, max_examples=12)
@given(name=st.text(max_size=12), value=st.text(max_size=12))
def test_no_query_is_a_fault_of_the_service(lasting: House, addresses: list[str], name: str, value: str) -> None:
    names = ("search", "status", "school", "grade", "section", "value", "sort", "cursor", "limit", "after", name)
    for each in names:
        answer = lasting.client().get(f"/plans/v1/{addresses[2]}", query_string={each: value})
        assert answer.status_code < 500, (each, answer.text)
