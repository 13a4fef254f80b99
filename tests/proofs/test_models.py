"""Property 25 of engine.md: the exhaustive models hold for our designs, and find out the others."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Any

from msgspec.structs import replace

from tests.proofs.proof import Variant, must, proof
from tests.unit.events.models import appender, memory, positions, projection
from tests.unit.events.models.explore import Explored, Explorer
from tests.unit.events.test_model_appender import NEIGHBOURS, RIVALS
from tests.unit.events.test_model_memory import BATCHES
from tests.unit.events.test_model_positions import THREE_WRITERS, TWO_STREAMS
from tests.unit.events.test_model_projection import TWO_PARTITIONS, ZOMBIE
from tests.unit.plans.span_histories import history, random_acts
from tests.unit.plans.test_spans_reference import disagreement, open_ended_only, without_until
from waymark.plans.domain import spans

ON = "model"


def must_be_good(found: Explored) -> None:
    must(not found.bad, f"{found.wrong}; {found.bad} of {found.states} states, the first after {len(found.way)} steps")
    assert found.states > 100, "nothing was explored"


def claimed(_design: Any) -> str:
    return "version from the caller"


@proof({"a counter, then the insert": lambda _: "counter, then insert", "the version from the caller": claimed})
def test_property_25_positions_are_dense_without_overlap_and_never_behind_a_reader(variant: Variant) -> None:
    design = variant("insert at one beyond")
    overlapping = (positions.Writer((("a", 2, 0),)), positions.Writer((("a", 1, 1), ("b", 1, 0))))
    for writers in (TWO_STREAMS, THREE_WRITERS, overlapping):
        found = Explorer(partial(positions.steps, design=design), positions.wrong).explore(positions.State(writers=writers))
        must(not found.bad, f"{found.wrong}; {found.bad} of {found.states} states, the first after {len(found.way)} steps")


@proof(
    {
        "nothing is looked up": lambda design: design._replace(looks_up=False),
        "unordered bulks": lambda design: design._replace(ordered=False),
    }
)
def test_property_25_each_append_has_one_effect_and_a_true_answer(variant: Variant) -> None:
    for requests, losses in ((RIVALS, 1), (NEIGHBOURS, 1)):
        system = appender.System(requests, variant(appender.Design()))
        must_be_good(Explorer[appender.State](system.steps, system.wrong).explore(appender.start(requests, losses)))


@proof(
    {
        "documents without marks": lambda design: design._replace(marks=False),
        "saving over whatever stands": lambda design: design._replace(revisions=False),
    }
)
def test_property_25_guarded_documents_equal_the_fold(variant: Variant) -> None:
    for whole, crashes in ((ZOMBIE, 1), (TWO_PARTITIONS, 0)):
        system = whole._replace(design=variant(projection.Design()))
        must_be_good(Explorer[projection.State](system.steps, system.wrong).explore(system.start(crashes)))


@proof(
    {
        "newer than my newest": lambda _: "my newest",
        "beyond the checkpoint of now": lambda _: "the checkpoint of now",
        "the checkpoint read last": lambda _: "documents before the checkpoint",
    }
)
def test_property_25_readers_that_keep_documents_miss_none(variant: Variant) -> None:
    system = memory.System(BATCHES, documents=3, rounds=3, design=variant("the checkpoint of the time before"))
    must_be_good(Explorer[memory.State](system.steps, system.wrong).explore(system.start()))


@proof(
    {
        "spans that never end": lambda complete: dropping(complete, without_until),
        "only what holds for good": lambda complete: dropping(complete, open_ended_only),
    }
)
def test_property_25_spans_say_the_cell_of_every_day_as_known_at_every_version(variant: Variant) -> None:
    chance, complete = Random(5), variant(spans.complete)
    for _ in range(150):
        acts = random_acts(chance, 10)
        where = disagreement(history(acts, complete))
        must(where is None, f"spans and brute force part: {where}")


def dropping(complete: Any, broken: Any) -> Any:
    def completed(*given: Any) -> Any:
        whole = complete(*given)
        return replace(whole, spans=broken(whole))

    return completed
