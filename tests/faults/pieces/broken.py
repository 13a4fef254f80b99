"""Pieces that are broken on purpose: with these the walk must fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.faults.pieces.folding import as_it_happened, fold_own, nothing_untrue
from tests.faults.pieces.piece import Piece
from tests.faults.pieces.recording import (
    acknowledge,
    all_commits,
    append,
    forgotten,
    forgotten_or_not_begun,
    only_whole_commits,
    record,
    record_a_person,
)
from tests.faults.places import Opened
from tests.integration.tales import Tale
from waymark.events.catalogue.roster import PersonForgotten
from waymark.events.envelope import Meta
from waymark.events.feed import Checkpoint
from waymark.events.views import Change, Parked, View

Changes = Sequence[Change[Tale]]


def promise_too_early(opened: Opened, acknowledged: Path) -> None:
    for number in range(6):
        acknowledge(acknowledged, str(number))
    append(opened, acknowledged)


def checkpoint_first(opened: Opened, _acknowledged: Path) -> None:
    """A fold whose checkpoint is saved before its documents."""
    views, save = opened.views, opened.views.save

    def apart(view: View[Tale], source: str, changes: Changes, parked: Sequence[Parked], checkpoints: Mapping[int, Checkpoint]) -> set[str]:
        save(view, source, (), (), checkpoints)
        return save(view, source, changes, parked, {})

    views.save = apart
    fold_own(opened, Path())


def say_before_forgetting(opened: Opened, _acknowledged: Path) -> None:
    opened.store.append("d/person/p1", "p1", [PersonForgotten(person="p1", by="somebody")], 6, "forget-p1", Meta())
    opened.keys.forget("p1")


BROKEN: Mapping[str, Piece] = {
    "append": Piece(begin=lambda _: None, work=promise_too_early, standing=only_whole_commits, finished=all_commits),
    "fold": Piece(begin=record, work=checkpoint_first, standing=nothing_untrue, finished=as_it_happened),
    "forget": Piece(begin=record_a_person, work=say_before_forgetting, standing=forgotten_or_not_begun, finished=forgotten),
}
