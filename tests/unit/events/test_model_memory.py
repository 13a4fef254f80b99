"""Property 25, readers that keep documents in memory: nothing is missed, if they ask from the checkpoint of the time before."""

from __future__ import annotations

import pytest

from tests.unit.events.models.explore import Explored, Explorer
from tests.unit.events.models.memory import Design, State, System

BATCHES = ({0: 1, 1: 2, 2: 3}, {1: 4, 0: 5}, {2: 6, 1: 7})


def explored(design: Design) -> Explored:
    system = System(BATCHES, documents=3, rounds=3, design=design)
    found = Explorer[State](system.steps, system.wrong).explore(system.start())
    print(f"{design}: {found}")
    return found


def test_beyond_the_checkpoint_of_the_time_before_no_document_is_missed() -> None:
    found = explored("the checkpoint of the time before")
    assert (found.states, found.bad) == (1310, 0)
    assert found.ends


@pytest.mark.parametrize("design", ["my newest", "the checkpoint of now", "documents before the checkpoint"])
def test_any_other_bound_or_order_misses_documents_for_ever(design: Design) -> None:
    assert "missed for ever" in explored(design).wrong
