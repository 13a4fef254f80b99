"""The named points where a process is killed, and the step that each of them is on each engine.

A step is named as tests/faults/steps.py sees it, with the time at which it comes. The second time shows more than the first:
something stands already that must not be harmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

At = tuple[str, int]


class Point(Struct, frozen=True, kw_only=True):
    """`piece` of tests/faults/work.py, and where in it. `topic`: it needs a broker as well."""

    name: str
    piece: str
    sqlite: At | None = None
    mongodb: At | None = None
    topic: bool = False


def _points(piece: str, topic: bool = False, **named: tuple[At | None, At | None]) -> Iterator[Point]:
    area = {
        "retry": "park.retry",
        "discard": "park.discard",
        "redact": "park.redact",
        "rollback": "rebuild.rollback",
        "retire": "rebuild.retire",
        "fold-topic": "fold.topic",
    }.get(piece, piece)
    for name, (sqlite, mongodb) in named.items():
        yield Point(name=f"{area}.{name.replace('_', '-')}", piece=piece, sqlite=sqlite, mongodb=mongodb, topic=topic)


COMMITS, TALES, TALES_M = "roster_commits", "roster_view_tales_1", "roster_view_tales@1"
REBUILT, REBUILT_M, STANDING, STANDING_M = "roster_view_tales_1_1", "roster_view_tales@1.1", "roster_view_standing", "roster_standing"
MARKS, PARKED, PARKED_M = "roster_view_checkpoints", "roster_view_parked", "roster_parked"

POINTS: Final[Mapping[str, Point]] = {
    each.name: each
    for each in (
        *_points(
            "append",
            asked=(("before BEGIN", 2), (f"before find {COMMITS}", 3)),
            head_read=((f"after SELECT {COMMITS}", 4), (f"after find {COMMITS}", 3)),
            sent=((f"before INSERT {COMMITS}", 2), (f"before insert {COMMITS}", 2)),
            written=((f"after INSERT {COMMITS}", 2), None),
            stored=(("after COMMIT", 2), (f"after insert {COMMITS}", 2)),  # and nobody was told
            group_half_written=((f"after INSERT {COMMITS}", 8), None),
            group_sent=(("before COMMIT", 7), (f"before insert {COMMITS}", 7)),
            group_stored=(("after COMMIT", 7), (f"after insert {COMMITS}", 7)),
        ),
        *_points(
            "relay",
            topic=True,
            leased=(None, ("after insert roster_relay", 1)),
            fenced=(None, ("after init_transactions", 1)),
            adopting=(None, ("before update roster_relay", 1)),
            adopted=(None, ("after update roster_relay", 1)),
            read=(None, (f"after find {COMMITS}", 7)),
            begun=(None, ("after begin_transaction", 2)),
            half_sent=(None, ("after send", 14)),
            flushed=(None, ("after flush", 2)),
            ending=(None, ("before commit_transaction", 2)),
            ended=(None, ("after commit_transaction", 2)),
            told=(None, ("before update roster_relay", 3)),
            noted=(None, ("after update roster_relay", 3)),
        ),
        *_points(
            "fold",
            prepared=((f"after CREATE {TALES}", 1), (f"after createIndexes {TALES_M}", 1)),
            read=((f"after SELECT {COMMITS}", 3), (f"after find {COMMITS}", 3)),
            loaded=((f"after SELECT {TALES}", 2), (f"after find {TALES_M}", 2)),
            first_saved=((f"after INSERT {TALES}", 1), (f"after insert {TALES_M}", 1)),
            saving=((f"after UPDATE {TALES}", 1), (f"before update {TALES_M}", 1)),
            documents_saved=((f"before INSERT {MARKS}", 2), (f"after update {TALES_M}", 1)),
            checkpoint_written=((f"after INSERT {MARKS}", 2), ("before update roster_checkpoints", 2)),
            saved=(("after COMMIT", 3), ("after update roster_checkpoints", 2)),
            flipping=((f"before INSERT {STANDING}", 1), ("before insert roster_standing", 1)),
            flipped=(("after INSERT roster_view_standing", 1), ("after insert roster_standing", 1)),
        ),
        *_points(
            "fold-topic",
            topic=True,
            assigned=(None, ("before seek", 1)),
            sought=(None, ("after seek", 12)),
            polled=(None, ("after poll", 6)),
            documents_saved=(None, (f"after update {TALES_M}", 1)),
            saved=(None, ("after update roster_checkpoints", 2)),
        ),
        *_points(
            "park",
            documents_saved=((f"before INSERT {PARKED}", 1), (f"before update {PARKED_M}", 1)),
            parked=((f"after INSERT {PARKED}", 1), (f"after update {PARKED_M}", 1)),
            followed=((f"after INSERT {PARKED}", 3), (f"after update {PARKED_M}", 2)),
            passed=(("after COMMIT", 2), ("after update roster_checkpoints", 1)),
        ),
        *_points(
            "retry",
            loaded=((f"after SELECT {TALES}", 2), (f"after find {TALES_M}", 2)),
            half_saved=((f"after UPDATE {TALES}", 2), (f"after insert {TALES_M}", 1)),
            replayed=((f"before INSERT {STANDING}", 1), (f"before update {STANDING_M}", 1)),
            readers_told=((f"before DELETE {PARKED}", 1), (f"before delete {PARKED_M}", 1)),
            taken_out=((f"after DELETE {PARKED}", 1), (f"after delete {PARKED_M}", 1)),
        ),
        *_points(
            "redact",
            asked=((f"before INSERT {PARKED}", 1), (f"before update {PARKED_M}", 1)),
            copy_changed=(("after COMMIT", 2), (f"after update {PARKED_M}", 1)),
            half_folded=((f"after UPDATE {TALES}", 3), (f"after update {TALES_M}", 2)),
        ),
        *_points(
            "discard",
            asked=((f"before DELETE {PARKED}", 1), (f"before delete {PARKED_M}", 1)),
            done=((f"after DELETE {PARKED}", 1), (f"after delete {PARKED_M}", 1)),
        ),
        *_points(
            "rebuild",
            begun=((f"after INSERT {STANDING}", 1), (f"after update {STANDING_M}", 1)),
            prepared=((f"after CREATE {REBUILT}", 1), (f"after createIndexes {REBUILT_M}", 1)),
            building=((f"after INSERT {REBUILT}", 1), (f"after insert {REBUILT_M}", 1)),
            half_built=((f"before UPDATE {REBUILT}", 2), (f"after update {REBUILT_M}", 1)),
            built=(("after COMMIT", 6), ("after update roster_checkpoints", 3)),
            compared=((f"before INSERT {STANDING}", 2), (f"before update {STANDING_M}", 2)),
            announced=((f"after INSERT {STANDING}", 2), (f"after update {STANDING_M}", 2)),
            flipping=((f"before INSERT {STANDING}", 3), (f"before update {STANDING_M}", 3)),
            flipped=((f"after INSERT {STANDING}", 3), (f"after update {STANDING_M}", 3)),
        ),
        *_points(
            "rollback",
            asked=((f"before INSERT {STANDING}", 1), (f"before update {STANDING_M}", 1)),
            done=(("after COMMIT", 1), (f"after update {STANDING_M}", 1)),
        ),
        *_points(
            "retire",
            asked=((f"before INSERT {STANDING}", 1), (f"before update {STANDING_M}", 1)),
            out_of_sight=((f"after INSERT {STANDING}", 1), (f"after update {STANDING_M}", 1)),
            documents_dropped=((f"after DROP {TALES}", 1), (f"after drop {TALES_M}", 1)),
            checkpoints_dropped=((f"after DELETE {MARKS}", 1), ("after delete roster_checkpoints", 1)),
            parked_dropped=((f"after DELETE {PARKED}", 1), (f"after delete {PARKED_M}", 1)),
        ),
        *_points(
            "forget",
            asked=(("before INSERT people", 1), ("before update people", 1)),
            key_deleted=(("after INSERT people", 1), ("after update people", 1)),
            log_truncated=(("after PRAGMA wal_checkpoint", 1), None),
            saying=((f"before INSERT {COMMITS}", 1), (f"before insert {COMMITS}", 1)),
            said=(("after COMMIT", 2), (f"after insert {COMMITS}", 1)),
        ),
    )
}
