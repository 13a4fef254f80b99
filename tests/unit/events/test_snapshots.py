"""Deciding on a stream read from a snapshot is deciding on the stream."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from tests.unit.events.facts import a_store, granted, record, revoked
from waymark.events.catalogue.roster import PersonRecorded, RoleGranted, RoleRevoked
from waymark.events.catalogue.types import Sealed
from waymark.events.decide import Aggregate, Decided, OtherRequest, decide, load
from waymark.events.envelope import Commit, Event, Meta
from waymark.events.keys import Keyring
from waymark.events.snapshots import LAST_COMMITS, Snapshot, fold_digest
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.keys import SECURE, SqliteKeys
from waymark.events.sqlite.snapshots import SqliteSnapshots
from waymark.events.sqlite.store import SqliteStore
from waymark.events.store import Conflict, Unavailable

STREAM = "d/person/p"


class Roles(Struct, frozen=True):
    """What somebody has held, in order; and their name, sealed."""

    orgs: tuple[str, ...] = ()
    name: Sealed | None = None


def evolve(roles: Roles | None, event: Event) -> Roles | None:
    known = roles or Roles()
    match event:
        case RoleGranted(org=org):
            return replace(known, orgs=(*known.orgs, org))
        case RoleRevoked(org="all"):
            return None
        case RoleRevoked(org=org):
            return replace(known, orgs=tuple(each for each in known.orgs if each != org))
        case PersonRecorded(given=name):
            return replace(known, name=name)
        case _:
            raise AssertionError(event)


def person(stream: str) -> str:
    return stream.rpartition("/")[2]


PLAIN: Aggregate[Roles] = Aggregate(evolve=evolve, key=person)
OFTEN: Aggregate[Roles] = replace(PLAIN, state=Roles, snapshot_every=3)


class Counting(SqliteStore):
    """A store that counts the commits it reads out."""

    def read(self, stream: str, after: int) -> Iterator[Commit]:
        for commit in super().read(stream, after):
            self.given = getattr(self, "given", 0) + 1
            yield commit


@pytest.fixture
def store(tmp_path: Path) -> Counting:
    return Counting(Database(tmp_path / "events.db", "NORMAL"), "roster")


@pytest.fixture
def snapshots(tmp_path: Path) -> SqliteSnapshots:
    return SqliteSnapshots(Database(tmp_path / "events.db", "NORMAL"), "roster")


def grant(store: SqliteStore, org: str, snapshots: SqliteSnapshots | None, commit_id: str = "", **rest: Any) -> Decided[Roles]:
    return decide(store, STREAM, OFTEN, lambda _: [granted(org=org)], commit_id or f"by-{org}", Meta(), snapshots=snapshots, **rest)


# ---- the same, whether or not there are snapshots


steps = st.lists(
    st.tuples(
        st.sampled_from(["grant", "revoke", "nothing", "refuse"]),
        st.sampled_from(["a", "b", "all"]),
        st.integers(0, 5),  # the commit id: a repeated one is a retry
        st.sampled_from([None, "stale", "right"]),
    ),
    max_size=25,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, every=st.integers(1, 4))
def test_deciding_with_and_without_snapshots_gives_the_same(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, int, str | None]], every: int
) -> None:
    folder = tmp_path_factory.mktemp("deciding")
    plain, cached = a_store(folder, "plain"), a_store(folder, "cached")
    snapshots = SqliteSnapshots(Database(folder / "events.db", "NORMAL"), "cached")
    for number, (what, org, commit_id, believed) in enumerate(steps):

        def decision(roles: Roles | None, what: str = what, org: str = org, number: int = number) -> list[Event]:
            if what == "refuse":
                raise ValueError(f"refused on {roles}")
            happened = {"grant": [granted(org=f"{org}{number}")], "revoke": [revoked(org=org)] if roles else []}
            return [*happened.get(what, [])]

        said = []
        for store, aggregate, kept in ((plain, PLAIN, None), (cached, replace(OFTEN, snapshot_every=every), snapshots)):
            version = load(store, STREAM, aggregate, kept)[1]
            expected = {"stale": version - 1, "right": version}.get(believed or "")
            try:
                decided = decide(store, STREAM, aggregate, decision, str(commit_id), Meta(fingerprint=what), expected, kept)
                said.append((decided.state, decided.version, decided.appended and decided.appended.version, decided.repeated))
            except (Conflict, OtherRequest, ValueError) as refused:
                said.append(repr(refused))
        assert said[0] == said[1]
    assert load(plain, STREAM, PLAIN) == load(cached, STREAM, replace(OFTEN, snapshot_every=every), snapshots)


def test_a_long_stream_is_read_from_its_snapshot(store: Counting, snapshots: SqliteSnapshots) -> None:
    for number in range(20):
        grant(store, str(number), snapshots)
    store.given = 0
    assert load(store, STREAM, OFTEN, snapshots) == load(store, STREAM, PLAIN)
    assert store.given - 20 < 3
    store.given = 0
    grant(store, "more", None)
    assert store.given == 20, "nothing kept is used where nobody hands it over"


def test_an_aggregate_that_does_not_ask_keeps_nothing(store: Counting, snapshots: SqliteSnapshots) -> None:
    for number in range(5):
        decide(store, STREAM, PLAIN, lambda _, n=number: [granted(org=str(n))], str(number), Meta(), snapshots=snapshots)
    assert snapshots.get(STREAM) is None


# ---- our own commit


def test_a_retry_is_answered_although_its_commit_is_within_the_snapshot(store: Counting, snapshots: SqliteSnapshots) -> None:
    first = grant(store, "mine", snapshots, expected=0)
    for number in range(10):
        grant(store, str(number), snapshots)
    kept = snapshots.get(STREAM)
    assert kept is not None
    assert "by-mine" in kept.commits
    again = grant(store, "mine", snapshots, expected=0)
    assert (again.state, again.version, again.appended, again.repeated) == (first.state, first.version, first.appended, True)
    with pytest.raises(OtherRequest):
        decide(store, STREAM, OFTEN, lambda _: [], "by-mine", Meta(fingerprint="another"), snapshots=snapshots)


def test_the_last_hundred_commits_are_known_again(store: Counting, snapshots: SqliteSnapshots) -> None:
    for number in range(LAST_COMMITS + 10):
        record(store, "p", granted(org=str(number)))
    load(store, STREAM, OFTEN, snapshots)
    kept = snapshots.get(STREAM)
    assert kept is not None
    assert kept.commits == tuple(str(number) for number in range(10, LAST_COMMITS + 10))


# ---- another fold


def test_what_another_fold_kept_is_not_used(store: Counting, snapshots: SqliteSnapshots) -> None:
    for number in range(5):
        record(store, "p", granted(org=str(number)))
    wrong = Snapshot(stream=STREAM, key="p", version=4, fold="another", state=b"no state of ours", commits=("0",))
    snapshots.put(wrong)
    assert load(store, STREAM, OFTEN, snapshots)[0] == load(store, STREAM, PLAIN)[0]
    kept = snapshots.get(STREAM)
    assert kept is not None
    assert kept.fold == fold_digest(evolve)


@pytest.mark.parametrize(
    "edit", [("first", "return 1", "return 2"), ("beside", "LIMIT = 3", "LIMIT = 4"), ("first", "def one", "def other")]
)
def test_any_edit_of_what_a_fold_may_reach_is_another_fold(tmp_path: Path, edit: tuple[str, str, str]) -> None:
    (tmp_path / "first.py").write_text("def one(state, event):\n    return 1\n")
    (tmp_path / "beside.py").write_text("LIMIT = 3\n")
    before = fold_digest(_only_function(tmp_path / "first.py"))
    fold_digest.cache_clear()
    assert fold_digest(_only_function(tmp_path / "first.py")) == before
    name, old, new = edit
    path = tmp_path / f"{name}.py"
    path.write_text(path.read_text().replace(old, new))
    fold_digest.cache_clear()
    assert fold_digest(_only_function(tmp_path / "first.py")) != before
    fold_digest.cache_clear()


def _only_function(path: Path) -> Callable[..., Any]:
    spec = importlib.util.spec_from_file_location("edited", path)
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    spec.loader.exec_module(loaded)
    sys.dont_write_bytecode = before
    return next(each for each in vars(loaded).values() if callable(each) and getattr(each, "__module__", "") == "edited")


def test_the_event_catalogue_is_part_of_every_fold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = fold_digest(evolve)
    (tmp_path / "roster.py").write_text("another catalogue")
    of_catalogue = str(tmp_path / "roster.py")
    monkeypatch.setattr("waymark.events.snapshots.inspect.getfile", lambda of: of_catalogue if isinstance(of, ModuleType) else __file__)
    fold_digest.cache_clear()
    assert fold_digest(evolve) != before
    fold_digest.cache_clear()


# ---- a cache that is away


class Away:
    def get(self, stream: str) -> Snapshot | None:
        raise Unavailable("away")

    def put(self, snapshot: Snapshot) -> None:
        raise Unavailable("away")

    def forget(self, key: str) -> None:
        raise Unavailable("away")


def test_snapshots_that_do_not_answer_cost_time_only(store: Counting) -> None:
    for number in range(5):
        decide(store, STREAM, OFTEN, lambda _, n=number: [granted(org=str(n))], str(number), Meta(), snapshots=Away())
    assert load(store, STREAM, OFTEN, Away()) == load(store, STREAM, PLAIN)


# ---- persons


def test_a_snapshot_holds_no_plaintext_and_goes_with_the_person(tmp_path: Path, store: Counting, snapshots: SqliteSnapshots) -> None:
    keyring = Keyring(SqliteKeys(Database(tmp_path / "keys.db", "FULL", SECURE), b"m" * 32))
    name = keyring.seal("p", "given", "Vexqulorp")
    told = PersonRecorded(person="p", given=name, family=name, source_id=name, login="l", enabled=True, digest="")
    record(store, "p", told, granted(), granted())
    state, _ = load(store, STREAM, OFTEN, snapshots)
    kept = snapshots.get(STREAM)
    assert state is not None
    assert kept is not None
    assert (state.name, kept.key) == (name, "p")
    assert b"Vexqulorp" not in kept.state
    assert not any(b"Vexqulorp" in path.read_bytes() for path in tmp_path.glob("events.db*"))
    keyring.forget("p")
    snapshots.forget("p")
    assert snapshots.get(STREAM) is None
    again, _ = load(store, STREAM, OFTEN, snapshots)
    assert again is not None
    assert again == state
    assert again.name is not None
    assert keyring.open(again.name, "given") is None
