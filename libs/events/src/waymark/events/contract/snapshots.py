"""What everything that keeps snapshots does."""

from __future__ import annotations

from msgspec.structs import replace

from waymark.events.snapshots import Snapshot, Snapshots

SNAPSHOT = Snapshot(stream="d/plan/t/s", key="s", version=7, fold="f", state=b"\x00\xff state", commits=("a", "ü"))


class SnapshotsContract:
    """Give `snapshots` (fresh) and `other_snapshots` (the same seen by another process) as fixtures."""

    def test_a_snapshot_comes_back_as_it_was_given(self, snapshots: Snapshots, other_snapshots: Snapshots) -> None:
        assert snapshots.get(SNAPSHOT.stream) is None
        snapshots.put(SNAPSHOT)
        assert other_snapshots.get(SNAPSHOT.stream) == SNAPSHOT
        assert other_snapshots.get("d/plan/t/another") is None

    def test_a_later_version_takes_the_place_of_an_earlier_one_and_never_the_other_way(
        self, snapshots: Snapshots, other_snapshots: Snapshots
    ) -> None:
        later = replace(SNAPSHOT, version=8, state=b"later")
        snapshots.put(SNAPSHOT)
        other_snapshots.put(later)
        snapshots.put(SNAPSHOT)
        assert snapshots.get(SNAPSHOT.stream) == later

    def test_another_fold_takes_its_place_at_any_version(self, snapshots: Snapshots) -> None:
        snapshots.put(SNAPSHOT)
        other = replace(SNAPSHOT, version=2, fold="another")
        snapshots.put(other)
        assert snapshots.get(SNAPSHOT.stream) == other

    def test_forgetting_drops_every_stream_about_the_person_and_no_other(self, snapshots: Snapshots, other_snapshots: Snapshots) -> None:
        about = [replace(SNAPSHOT, stream=f"d/plan/{n}/s") for n in range(3)]
        another = replace(SNAPSHOT, stream="d/plan/t/x", key="x")
        for each in (*about, another):
            snapshots.put(each)
        other_snapshots.forget("s")
        other_snapshots.forget("nobody")
        assert [snapshots.get(each.stream) for each in about] == [None] * 3
        assert snapshots.get(another.stream) == another
