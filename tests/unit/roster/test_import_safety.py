"""What must not happen by an import: half of it, two at once, a district emptied by mistake, a forgotten person come back."""

import io
from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.roster.district import NAME, Riverbend
from tests.unit.roster.packages import Files, package, person, role, seat, tiny
from waymark.events.catalogue.roster import ImportApproved, ImportCompleted, ImportHeld, ImportReceived, PersonForgotten
from waymark.events.envelope import Meta
from waymark.events.store import Unavailable
from waymark.roster import streams
from waymark.roster.importing.lock import ImportRunning, only_import
from waymark.roster.importing.run import Asked, run
from waymark.roster.staging.ledger import Progress, read_ledger


def own_events(river: Riverbend) -> list[type]:
    stream = streams.package_import(NAME, river.imports[-1])
    return [type(each.event) for commit in river.store.read(stream, 0) for each in commit.recorded()]


def many(students: int) -> Files:
    files = tiny()
    for each in range(students):
        files["users"].append(person(f"M{each}", "Kim", f"Number {each}", grades="04"))
        files["roles"].append(role(f"rm{each}", f"M{each}", "student", "north"))
        files["enrollments"].append(seat(f"em{each}", "c1", "north", f"M{each}"))
    return files


class Breaking:
    """A store that is gone after so many appends."""

    def __init__(self, behind: Any, appends: int) -> None:
        self._behind, self._left = behind, appends

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)

    def append_many(self, commits: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            self._behind.append_many(commits[: len(commits) // 2])  # a stop in the middle leaves a prefix
            raise Unavailable("gone")
        return self._behind.append_many(commits)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The types of the events that the package gives where nothing breaks."""
    river = Riverbend(tmp_path_factory.mktemp("whole"))
    river.send(many(600))
    return sorted(each.type for each in river.last)


@pytest.mark.parametrize("appends", [0, 1, 2])
def test_an_import_that_dies_half_way_is_rolled_forward_by_running_it_again(river: Riverbend, whole: list[str], appends: int) -> None:
    store, river.around = river.store, _with_store(river, appends)
    with pytest.raises(Unavailable):
        river.send(many(600))
    first = river.last
    ledger = next((river.around.folder / NAME).glob("*.ledger"))
    found = read_ledger(ledger)
    assert found
    assert (found[1].status, found[1].code) == ("stopped", "store-unavailable")
    river.around = _with_store(river, 10_000)
    progress = river.send(many(600))
    assert progress.status == "completed"
    assert sorted(each.type for each in first + river.last) == whole, "nothing twice, nothing missing"
    assert own_events(river) == [ImportReceived, ImportCompleted]
    assert river.send(many(600)).recorded == {}
    assert store.head() == river.store.head()


def _with_store(river: Riverbend, appends: int) -> Any:
    return replace(river.around, store=Breaking(river.store, appends))


def test_only_one_import_runs_in_a_district_at_a_time(river: Riverbend) -> None:
    with only_import(river.around.folder / NAME, "other"), pytest.raises(ImportRunning):
        river.send()
    assert river.store.head() == 0
    assert river.send().status == "completed"


def test_a_dry_run_reports_everything_and_records_nothing(river: Riverbend) -> None:
    files = tiny()
    files["enrollments"].append(seat("e9", "c9", "north", "S1"))
    progress = river.send(files, dry_run=True)
    assert river.store.head() == 0
    assert progress.status == "completed"
    assert progress.recorded["roster.person-recorded.v1"] == 8
    assert river.said() == {("enrollments.csv", 8, "reference-unknown", "refused")}
    assert list(river.keyring.keys.get([river.person(each) for each in ("S1", "T1")])) == [], "no key was made for anybody"
    river.send(files)
    assert river.imports[0] != river.imports[1], "a dry run is another import than the package's own"


def test_too_many_leaving_students_wait_for_approval(river: Riverbend) -> None:
    river.send(many(16))
    files = many(13)
    progress = river.send(files)
    assert (progress.status, progress.leaving, progress.students) == ("held", 3, 20)
    assert river.last == []
    river.send(files)
    assert own_events(river) == [ImportReceived, ImportHeld], "held again with the same numbers: nothing new"
    progress = river.send(files, approved=True, by="someone")
    assert (progress.status, river.counted()["person-deactivated"]) == ("completed", 3)
    assert own_events(river) == [ImportReceived, ImportHeld, ImportApproved, ImportCompleted]


def test_a_share_that_the_district_allows_leaves_without_a_word(river: Riverbend) -> None:
    river.send(many(16))
    assert river.send(many(14)).status == "completed"
    assert river.counted()["student-withdrawn"] == 2


def test_a_dry_run_says_that_the_import_would_wait(river: Riverbend) -> None:
    river.send(many(16))
    progress = river.send(many(2), dry_run=True)
    assert (progress.status, progress.leaving) == ("completed", 14)
    assert ("", 0, "would-be-held", "note") in river.said()


def test_a_forgotten_person_is_reported_and_never_comes_back(river: Riverbend) -> None:
    river.send()
    tom = river.person("S4")
    version = [each.last_version for each in river.store.read(streams.person(NAME, tom), 0)][-1]
    river.keyring.forget(tom)
    river.store.append(streams.person(NAME, tom), tom, [PersonForgotten(person=tom)], version, "forget", Meta())
    files = tiny()
    files["users"][3]["givenName"] = "Thomas"
    files["users"][0]["givenName"] = "Amy"
    river.send(files)
    assert river.said() == {("users.csv", 5, "person-forgotten", "refused")}
    assert river.counted() == {"person-recorded": 1}
    assert not river.keyring.keys.get([tom])


def test_who_is_forgotten_while_an_import_runs_stays_forgotten(river: Riverbend) -> None:
    tom = river.person("S4")

    def forget_before_applying(progress: Progress) -> None:
        if progress.status == "checking":
            river.keyring.forget(tom)

    _, progress = run(river.around, io.BytesIO(package()), Asked(district=NAME), forget_before_applying)
    assert progress.status == "completed"
    assert list(river.store.read(streams.person(NAME, tom), 0)) == []


def test_a_stream_that_moves_meanwhile_is_compared_again(river: Riverbend) -> None:
    river.send()
    files = tiny()
    files["enrollments"][3]["endDate"] = "2026-12-18"
    tom, moved = river.person("S4"), []

    def move_before_applying(progress: Progress) -> None:
        if progress.status == "checking" and not moved:
            moved.append(True)
            river.keyring.forget(tom)
            stream = streams.person(NAME, tom)
            version = [each.last_version for each in river.store.read(stream, 0)][-1]
            river.store.append(stream, tom, [PersonForgotten(person=tom)], version, "forget", Meta())

    _, progress = run(river.around, io.BytesIO(package(files)), Asked(district=NAME), move_before_applying)
    assert (progress.status, progress.recorded) == ("completed", {})


def test_progress_and_findings_can_be_read_while_it_runs(river: Riverbend) -> None:
    files = tiny()
    files["roles"].append(role("r9", "NOBODY", "teacher", "north"))
    seen: list[tuple[str, int]] = []

    def watch(progress: Progress) -> None:
        for ledger in (river.around.folder / NAME).glob("*.ledger"):
            found = read_ledger(ledger)
            assert found
            seen.append((found[1].status, found[1].refused))

    run(river.around, io.BytesIO(package(files)), Asked(district=NAME), watch)
    assert [status for status, _ in dict.fromkeys(seen)][-1] == "completed"
    assert {"reading", "checking", "applying", "completed"} == {status for status, _ in seen}
    assert ("applying", 1) in seen
