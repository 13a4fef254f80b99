"""Property 25, appender: each request has one effect and a true answer, whatever replies are lost and whoever else writes."""

from __future__ import annotations

import pytest

from tests.unit.events.models.appender import Design, Request, State, System, start
from tests.unit.events.models.explore import Explored, Explorer

RIVALS = (Request(0, "a", 0, "x"), Request(0, "b", 0, "y"), Request(1, "a", 0, "z"))
NEIGHBOURS = (Request(0, "a", 0, "x"), Request(0, "b", 0, "y"), Request(1, "c", 0, "z"))
IN_A_ROW = (Request(0, "a", 0, "w"), Request(0, "a", 1, "x"), Request(1, "b", 0, "y"), Request(1, "a", 1, "z"))
SAME_GROUP = (Request(0, "a", 0, "x"), Request(0, "a", 0, "y"), Request(1, "c", 0, "z"))
RETRIED = (Request(0, "a", 0, "x"), Request(1, "a", 0, "x"), Request(1, "b", 0, "y"))
CASES = {
    "calm": (NEIGHBOURS, 0, 62),
    "rivals": (RIVALS, 2, 2118),
    "row": (IN_A_ROW, 1, 1511),
    "group": (SAME_GROUP, 2, 1120),
    "retried": (RETRIED, 2, 1968),
}

OURS = Design()


def explored(requests: tuple[Request, ...], losses: int, design: Design = OURS) -> Explored:
    system = System(requests, design)
    found = Explorer[State](system.steps, system.wrong).explore(start(requests, losses))
    print(f"{design}: {found}")
    return found


@pytest.mark.parametrize("requests,losses,states", CASES.values(), ids=CASES)
def test_every_request_has_one_effect_and_a_true_answer(requests: tuple[Request, ...], losses: int, states: int) -> None:
    found = explored(requests, losses)
    assert (found.states, found.bad) == (states, 0)
    assert found.ends


def test_without_looking_its_commits_up_a_lost_reply_is_a_conflict_with_oneself() -> None:
    found = explored(RIVALS, 1, Design(looks_up=False))
    assert found.wrong == "a caller was told of a conflict, and its own commit stands"


def test_without_looking_up_even_a_neighbour_is_enough() -> None:
    assert explored(NEIGHBOURS, 0, Design(looks_up=False)).wrong == "a caller was told of a conflict, and its own commit stands"


def test_an_unordered_bulk_leaves_a_hole() -> None:
    assert explored(RIVALS, 0, Design(ordered=False)).wrong == "a hole"
