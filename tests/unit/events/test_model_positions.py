"""Property 25, positions: dense, without overlap, and never behind a reader, in every interleaving."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.unit.events.models.explore import Explored, Explorer
from tests.unit.events.models.positions import Design, State, Writer, passed_over, steps, wrong

ONE_STREAM = (Writer((("a", 1, 0), ("a", 2, 1))), Writer((("a", 2, 0), ("a", 1, 1))))
TWO_STREAMS = (Writer((("a", 1, 0), ("b", 2, 0))), Writer((("b", 1, 0), ("a", 1, 1))))
THREE_WRITERS = (Writer((("a", 1, 0),)), Writer((("b", 2, 0),)), Writer((("a", 1, 0), ("b", 1, 2))))


def explored(writers: tuple[Writer, ...], design: Design, forbidden: Callable[[State, bool], str] = wrong) -> Explored:
    found = Explorer(partial(steps, design=design), forbidden).explore(State(writers=writers))
    print(f"{design}: {found}")
    return found


@pytest.mark.parametrize("writers,states", [(ONE_STREAM, 541), (TWO_STREAMS, 379), (THREE_WRITERS, 1185)], ids=["one", "two", "three"])
def test_inserting_at_one_beyond_leaves_no_hole_no_overlap_and_nothing_late(writers: tuple[Writer, ...], states: int) -> None:
    found = explored(writers, "insert at one beyond")
    assert (found.states, found.bad) == (states, 0)


def test_a_counter_before_the_insert_leaves_holes_and_lets_a_commit_arrive_behind_the_reader() -> None:
    assert explored(TWO_STREAMS, "counter, then insert").wrong == "a hole"
    assert explored(TWO_STREAMS, "counter, then insert", passed_over).wrong == "a commit arrived behind the reader"


def test_a_version_that_the_caller_claims_overlaps_another_commit() -> None:
    writers = (Writer((("a", 2, 0),)), Writer((("a", 1, 1),)))
    assert explored(writers, "version from the caller").wrong == "two events with one version"
    assert not explored(writers, "insert at one beyond").bad
