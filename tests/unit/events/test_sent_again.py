"""What a relay sends again, and a topic made anew: old sequences at new offsets, of which nothing is folded or parked a second time."""

from __future__ import annotations

from pathlib import Path

from tests.unit.events.facts import STAFF, Staff, granted, recorded, some_views
from waymark.events.envelope import Recorded
from waymark.events.feed import Batch, Checkpoint
from waymark.events.park import discard
from waymark.events.project import Projector

FACTS = [recorded(granted("p", "a"), 1, "x", 1), recorded(granted("poison", "a"), 2, "x", 2), recorded(granted("q", "a"), 3, "x", 3)]
PART = FACTS[0].partition


def batch(offset: int, topic: str, *records: Recorded) -> Batch:
    """Records that lie on the topic from `offset` on."""
    end = Checkpoint(sequence=records[-1].sequence, offset=offset + len(records) - 1, topic=topic)
    return Batch(records=records, checkpoints={PART: end})


def test_what_was_given_up_is_not_parked_again_when_it_is_sent_again(tmp_path: Path) -> None:
    views = some_views(tmp_path)
    projector = Projector(STAFF, views)
    projector.apply(batch(0, "t", *FACTS))
    discard(STAFF.view, views, FACTS[0].stream)
    projector.apply(batch(3, "t", FACTS[0]))
    projector.apply(batch(4, "t", *FACTS[1:]))
    assert views.parked_streams(STAFF.view) == {}
    assert views.load(STAFF.view, ["d/staff/a"])["d/staff/a"].document == Staff("a", ("p",))


def test_a_topic_made_anew_is_remembered_before_it_has_caught_up(tmp_path: Path) -> None:
    views = some_views(tmp_path)
    projector = Projector(STAFF, views)
    projector.apply(batch(40, "old", *FACTS))
    projector.apply(batch(0, "new", FACTS[0]))
    reached = Checkpoint(sequence=FACTS[-1].sequence, offset=0, topic="new")
    assert projector.checkpoints == views.checkpoints(STAFF.view, "roster") == {PART: reached}
