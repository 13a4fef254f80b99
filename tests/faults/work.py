"""Small fixed pieces of work over real adapters. Each may be done again by another process after the first died anywhere.

A piece has a beginning, which is not interrupted, the work itself, and what must hold: at once after a death (`standing`), and
when a fresh process has gone on to the end (`finished`).
"""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.faults.pieces import folding, recording
from tests.faults.pieces.broken import BROKEN
from tests.faults.pieces.piece import Piece, nothing
from tests.faults.places import Opened, Place
from tests.faults.steps import Steps
from waymark.events import rebuild as rebuild_module
from waymark.events import relay as relay_module
from waymark.events import worker as worker_module

PIECES: Mapping[str, Piece] = {
    "append": Piece(begin=lambda _: None, work=recording.append, standing=recording.only_whole_commits, finished=recording.all_commits),
    "relay": Piece(begin=recording.record, work=recording.relay, standing=nothing, finished=recording.published),
    "fold": Piece(begin=recording.record, work=folding.fold_own, standing=folding.nothing_untrue, finished=folding.as_it_happened),
    "fold-topic": Piece(
        begin=folding.record_and_relay, work=folding.fold_topic, standing=folding.nothing_untrue, finished=folding.as_it_happened
    ),
    "park": Piece(begin=recording.record, work=folding.park, standing=nothing, finished=folding.one_stream_is_parked),
    "retry": Piece(
        begin=folding.recorded_and_parked, work=folding.unpark, standing=folding.replayed_in_order, finished=folding.nothing_is_parked
    ),
    "discard": Piece(begin=folding.recorded_and_parked, work=folding.give_up, standing=nothing, finished=folding.given_up),
    "redact": Piece(
        begin=folding.recorded_and_parked, work=folding.redacted, standing=folding.replayed_in_order, finished=folding.nothing_is_parked
    ),
    "rebuild": Piece(
        begin=folding.recorded_and_folded, work=folding.build, standing=folding.readers_see_the_truth, finished=folding.a_new_build_is_live
    ),
    "rollback": Piece(
        begin=folding.recorded_and_rebuilt,
        work=folding.go_back,
        standing=folding.readers_see_the_truth,
        finished=folding.one_of_two_is_live,
    ),
    "retire": Piece(
        begin=folding.recorded_and_rebuilt, work=folding.drop_the_old, standing=folding.readers_see_the_truth, finished=folding.one_is_left
    ),
    "forget": Piece(
        begin=recording.record_a_person,
        work=recording.forget_a_person,
        standing=recording.forgotten_or_not_begun,
        finished=recording.forgotten,
    ),
}


def small_batches() -> None:
    """Three batches of everything, in this process."""
    relay_module.BATCH = worker_module.BATCH = rebuild_module.BATCH = 5


def first(place: Place, name: str, fatal: str | None, nth: int, acknowledged: Path, pieces: str = "as it is") -> None:
    """Begin, then do the piece and die at the step; without one, leave what steps there were in `steps.json`."""
    small_batches()
    steps = Steps(fatal, nth)
    steps.watch()
    opened = place.open()
    piece = (BROKEN if pieces == "broken" else PIECES)[name]
    piece.begin(opened)
    with steps.armed():
        piece.work(opened, acknowledged)
    opened.close()
    (place.folder / "steps.json").write_text(json.dumps(steps.seen))


def then(place: Place, name: str, acknowledged: Path) -> None:
    """As a process that knows nothing of the one that died: look at what stands, go on to the end, look again."""
    small_batches()
    piece = PIECES[name]
    looks: list[Callable[[Opened, Path], None]] = [piece.standing, piece.work, piece.finished]
    try:
        for look in looks:
            opened = place.open()
            look(opened, acknowledged)
            opened.close()
    except BaseException:  # noqa: BLE001  the traceback is all that is left of this process
        (place.folder / "failure.txt").write_text(traceback.format_exc())
        os._exit(1)
    os._exit(0)  # without waiting for what the clients' threads may still do
