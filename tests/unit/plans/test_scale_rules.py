"""Scales: what a level's code means never changes."""

import pytest

from tests.unit.plans.facts import BY, LEVELS, defined, given
from waymark.events.catalogue.plans import Level, LevelScale, PointsScale, ScaleRevised
from waymark.plans.domain import refusals, scale
from waymark.plans.domain.refusals import Fault


def level(label: str, code: int | None = None, short: str = "x", colour: str = "#00AA00") -> scale.AskedLevel:
    return scale.AskedLevel(code=code, label=label, short=short, colour=colour)


def levels(*asked: scale.AskedLevel, title: str = "Progress") -> scale.AskedLevels:
    return scale.AskedLevels(title=title, levels=asked)


def codes(definition: LevelScale) -> list[tuple[str, int]]:
    return [(each.label, each.code) for each in definition.levels]


def test_new_levels_get_codes_in_order() -> None:
    defined = given().when(scale.define, "c1", levels(level("No"), level("Yes")), by=BY).only
    assert codes(defined.definition) == [("No", 1), ("Yes", 2)]
    assert defined.definition.levels[0] == Level(code=1, label="No", short="x", colour="#00aa00")


def test_p4_a_points_scale_reaches_from_minimum_to_maximum() -> None:
    points = PointsScale(title="Points", minimum=0, maximum=20)
    assert given().when(scale.define, "c1", points, by=BY).only.definition == points


def test_a_levels_code_survives_renaming_and_reordering() -> None:
    revised = given(defined()).when(scale.revise, levels(level("C", 3), level("a", 1), level("new"), level("b", 2)), by=BY).only
    assert codes(revised.definition) == [("C", 3), ("a", 1), ("new", 4), ("b", 2)]


def test_a_dropped_levels_code_is_never_used_again() -> None:
    dropped = ScaleRevised(scale="c1", definition=LevelScale(title="Progress", levels=LEVELS.levels[:2]), by=BY)
    state = given(defined(), dropped)
    revised = state.when(scale.revise, levels(level("a", 1), level("b", 2), level("new")), by=BY).only
    assert codes(revised.definition) == [("a", 1), ("b", 2), ("new", 4)]
    state.when(scale.revise, levels(level("a", 1), level("back", 3)), by=BY).refuses(
        refusals.Unfit, faults=(Fault(("levels", 1, "code"), "unknown-code", (1, 2)),)
    )


def test_codes_run_out_at_250() -> None:
    full = defined(LevelScale(title="Full", levels=(Level(code=250, label="a", short="a", colour="#000000"),)))
    outcome = given(full).when(scale.revise, levels(level("a", 250), level("b")), by=BY)
    outcome.refuses(refusals.Unfit, faults=(Fault(("levels",), "codes-used-up", 250),))


def test_saying_the_same_again_records_nothing() -> None:
    same = levels(*(level(each.label, each.code, each.short, each.colour) for each in LEVELS.levels), title=LEVELS.title)
    given(defined()).when(scale.revise, same, by=BY).then()


def test_a_level_scale_never_becomes_a_points_scale() -> None:
    given(defined()).when(scale.revise, PointsScale(title="P", minimum=0, maximum=1), by=BY).refuses(refusals.KindFixed, kind="levels")
    given().when(scale.revise, levels(level("a")), by=BY).refuses(refusals.ScaleUnknown)


@pytest.mark.parametrize(
    "asked, fault",
    [
        (levels(), Fault(("levels",), "too-few", 1)),
        (levels(*(level(str(at)) for at in range(51))), Fault(("levels",), "too-many", 50)),
        (levels(level("a"), title="  "), Fault(("title",), "blank", 60)),
        (levels(level("a"), title="x" * 61), Fault(("title",), "too-long", 60)),
        (levels(level("")), Fault(("levels", 0, "label"), "blank", 60)),
        (levels(level("a\nb")), Fault(("levels", 0, "label"), "not-one-line", 60)),
        (levels(level("a", short="thirteen char")), Fault(("levels", 0, "short"), "too-long", 12)),
        (levels(level("a", colour="green")), Fault(("levels", 0, "colour"), "not-a-colour", "#rrggbb")),
        (levels(level("a", colour="#00ff00 ")), Fault(("levels", 0, "colour"), "not-a-colour", "#rrggbb")),
        (levels(level("a", 251)), Fault(("levels", 0, "code"), "out-of-range", 250)),
        (levels(level("a", 0)), Fault(("levels", 0, "code"), "out-of-range", 250)),
        (PointsScale(title="P", minimum=5, maximum=5), Fault(("maximum",), "not-above-minimum", 5)),
        (PointsScale(title="P", minimum=float("-inf"), maximum=5), Fault(("minimum",), "out-of-range", 1_000_000.0)),
        (PointsScale(title="P", minimum=0, maximum=2e6), Fault(("maximum",), "out-of-range", 1_000_000.0)),
    ],
)
def test_what_no_scale_may_be_is_refused_with_its_place(asked: scale.Asked, fault: Fault) -> None:
    given().when(scale.define, "c1", asked, by=BY).refuses(refusals.Unfit, faults=(fault,))


def test_every_fault_is_named_at_once() -> None:
    refusal = given().when(scale.define, "c1", levels(level("a", 1), level("A", 1), title=""), by=BY).refusal
    assert isinstance(refusal, refusals.Unfit)
    assert {(each.place, each.code) for each in refusal.faults} == {
        (("title",), "blank"),
        (("levels", 0, "label"), "duplicate"),
        (("levels", 1, "label"), "duplicate"),
        (("levels", 0, "code"), "duplicate"),
        (("levels", 1, "code"), "duplicate"),
    }
