"""Property 25, projecting (13 and 14): with crashes, zombies and re-sends, documents equal the fold, and are never beyond it."""

from __future__ import annotations

import pytest

from tests.unit.events.models.explore import Explored, Explorer
from tests.unit.events.models.projection import Design, Fact, State, System

A, B, C = Fact(0, 1, (0,)), Fact(0, 2, (0, 1)), Fact(0, 3, (1,))
ZOMBIE = System(topic=((A, B, C), ()), documents=2, workers=(0, 0))
SENT_AGAIN = System(topic=((A, B, A, B, C), ()), documents=2, workers=(0,))
TWO_PARTITIONS = System(topic=((A, B), (Fact(1, 1, (0,)), Fact(1, 2, (0, 1)))), documents=2, workers=(0, 1))
CASES = {"zombie": (ZOMBIE, 1, 8632), "sent again": (SENT_AGAIN, 2, 353), "two partitions": (TWO_PARTITIONS, 1, 11928)}

OURS = Design()


def explored(system: System, crashes: int, design: Design = OURS) -> Explored:
    chosen = system._replace(design=design)
    found = Explorer[State](chosen.steps, chosen.wrong).explore(chosen.start(crashes))
    print(f"{design}: {found}")
    return found


@pytest.mark.parametrize("system,crashes,states", CASES.values(), ids=CASES)
def test_guarded_documents_equal_the_fold_in_every_interleaving(system: System, crashes: int, states: int) -> None:
    found = explored(system, crashes)
    assert (found.states, found.bad) == (states, 0)
    assert found.ends


@pytest.mark.parametrize("system", [ZOMBIE, SENT_AGAIN], ids=["zombie", "sent again"])
def test_without_marks_an_event_counts_twice(system: System) -> None:
    assert "says what never was" in explored(system, 1, Design(marks=False)).wrong


def test_without_revisions_one_worker_overwrites_what_another_folded() -> None:
    assert "lacks an event" in explored(TWO_PARTITIONS, 0, Design(revisions=False)).wrong
    assert explored(ZOMBIE, 0, Design(revisions=False)).bad


def test_without_either_a_document_over_counts_and_loses() -> None:
    assert explored(ZOMBIE, 1, Design(marks=False, revisions=False)).bad
    assert explored(TWO_PARTITIONS, 0, Design(marks=False, revisions=False)).bad
