"""Properties 1 to 7 of engine.md: what a store promises, on both adapters."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.contract.adapters import OnMongo, OnSqlite
from tests.proofs.broken import Forgetful, OneByOne, Yielding, believing, counting
from tests.proofs.proof import SECONDS, Variant, Violated, must, proof
from tests.proofs.writers import WHOLE, writing
from waymark.events.catalogue.roster import RoleGranted
from waymark.events.decide import Aggregate, Decided, OtherRequest, decide, load
from waymark.events.envelope import Commit, Event, Meta
from waymark.events.mongo.database import Documents
from waymark.events.snapshots import Snapshot, Snapshots
from waymark.events.store import Appended, Conflict, KeyChanged, NewCommit, NotDense, Store, TooLarge

STREAM = "d/person/p"
ROLES: Aggregate[tuple[str, ...]] = Aggregate(evolve=lambda orgs, event: (*(orgs or ()), event.org), key=lambda _: "p")
Decide = Callable[..., Decided[tuple[str, ...]]]


def granted(*orgs: str) -> list[Event]:
    return [RoleGranted(person="p", role="teacher", org=org) for org in orgs]


def append(store: Store, expected: int, *orgs: str, stream: str = STREAM, key: str = "p") -> Appended:
    return store.append(stream, key, granted(*orgs), expected, uuid.uuid4().hex, Meta())


def versions(store: Store, stream: str = STREAM) -> list[int]:
    return [recorded.version for commit in store.read(stream, 0) for recorded in commit.recorded()]


def everything(store: Store) -> list[Commit]:
    """All commits, by pages, as a relay or a feed reads them."""
    commits: list[Commit] = []
    try:
        while page := store.scan(len(commits), 100):
            commits += page
    except NotDense as hole:
        raise Violated(str(hole)) from hole
    return commits


# ---- how deciding is broken for property 6


def always_anew(store: Store, stream: str, aggregate: Any, decision: Any, _: str, *rest: Any) -> Any:
    """Each try has a commit id of its own."""
    return decide(store, stream, aggregate, decision, uuid.uuid4().hex, *rest)


def version_first(store: Store, stream: str, aggregate: Any, decision: Any, commit_id: str, meta: Meta, expected: int | None = None) -> Any:
    """The caller's version is looked at before the commit id."""
    actual = load(store, stream, aggregate)[1]
    if expected is not None and expected != actual:
        raise Conflict(stream, actual)
    return decide(store, stream, aggregate, decision, commit_id, meta, expected)


def forgetful(store: Store, *rest: Any) -> Any:
    """Stored commits do not tell their ids."""
    whole: Any = Forgetful(store)
    return decide(whole, *rest)


class WithoutCommits:
    """Snapshots that do not say whose commits are folded into them."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._real, self.put, self.forget = snapshots, snapshots.put, snapshots.forget

    def get(self, stream: str) -> Snapshot | None:
        found = self._real.get(stream)
        return found and replace(found, commits=())


class StoreProperties:
    """Give `store` (fresh), `another` (a second process's view of it) and `where` (what tests.proofs.writers is told)."""

    @proof({"each event a commit of its own": OneByOne})
    def test_property_01_a_decisions_events_appear_all_or_none(self, variant: Variant, store: Store, another: Store) -> None:
        writing, halves, stop = variant(store), list[int](), threading.Event()

        def look() -> None:
            while not stop.is_set():
                count = len(versions(another))
                if count % 3:
                    halves.append(count)

        reader = threading.Thread(target=look)
        reader.start()
        for number in range(30):
            append(writing, number * 3, "a", "b", "c")
        stop.set()
        reader.join()
        must(not halves, f"a reader saw {halves[:1]} events of commits of three")
        with suppress(TooLarge):
            append(writing, 0, "a", "x" * 1_000_000, "c", stream="d/person/q")
        must(versions(store, "d/person/q") == [], "a commit that was refused in its middle left its beginning")

    @proof({"a conflict is appended all the same": Yielding})
    def test_property_02_of_many_racers_with_one_expectation_exactly_one_wins(self, variant: Variant, store: Store, another: Store) -> None:
        racing = (variant(store), variant(another))
        for round_ in range(4):

            def race(number: int, at: int = round_) -> bool:
                try:
                    append(racing[number % 2], at, str(number))
                except Conflict as conflict:
                    must(conflict.actual == at + 1, f"a loser was told of version {conflict.actual}, not {at + 1}")
                    return False
                return True

            with ThreadPoolExecutor(16) as pool:
                winners = sum(pool.map(race, range(16)))
            must(winners == 1, f"{winners} of 16 racers won")
            must(versions(store)[-1] == round_ + 1, "what the losers wanted stands too")

    @proof({"the version is what the caller says": believing})
    def test_property_03_versions_run_from_1_to_n_without_overlap(self, variant: Variant, store: Store, another: Store) -> None:
        writers = (variant(store), variant(another))
        append(writers[0], 0, "a", "b")
        with suppress(Conflict):
            append(writers[1], 1, "c", "d")  # decided on half of the commit before
        must(versions(store) == [1, 2], f"versions are {versions(store)}")

        def work(number: int) -> None:
            for _ in range(6):
                while True:
                    with suppress(Conflict):
                        append(writers[number % 2], len(versions(store)), *"abc"[: 1 + number % 3])
                        break

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        found = versions(store)
        must(found == list(range(1, len(found) + 1)), f"versions are {found}")

    @proof({"a counter gives positions before the insert": counting})
    def test_property_04_positions_are_dense_and_never_used_again(self, variant: Variant, store: Store, another: Store) -> None:
        writers, told = (variant(store), variant(another)), dict[int, str]()

        def work(number: int) -> None:
            for step in range(6):
                stream = f"d/person/{number}"
                told[append(writers[number % 2], step, "a", stream=stream).position] = stream
                for refused in (Conflict, KeyChanged):
                    with suppress(Conflict, KeyChanged):
                        append(
                            writers[number % 2],
                            step + (refused is KeyChanged),
                            "a",
                            stream=stream,
                            key="q" if refused is KeyChanged else "p",
                        )

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        many = [NewCommit(stream=f"d/person/{n}", key="p", events=granted("a"), expected=0, commit_id="c", meta=Meta()) for n in (7, 0, 8)]
        with suppress(Conflict):
            store.append_many(many)
        append(writers[1], 0, "a", stream="d/person/9")
        commits = everything(store)
        must(store.head() == len(commits), f"{len(commits)} commits end at position {store.head()}")
        must(all(commits[at - 1].stream == stream for at, stream in told.items()), "a position was given to another commit")

    @pytest.mark.timeout(int(SECONDS) + 60)
    @proof({"a counter gives positions before the insert": lambda _: "counter"})
    def test_property_05_nothing_arrives_behind_a_reader_while_eight_processes_write(
        self, variant: Variant, store: Store, where: str
    ) -> None:
        how = variant("")
        seen: list[tuple[int, str]] = []

        def look() -> None:
            try:
                seen.extend((each.position, each.commit_id) for each in store.scan(len(seen), 500))
            except NotDense as hole:
                raise Violated(f"a reader met a hole: {hole}") from hole

        with ExitStack() as stack:
            processes = [stack.enter_context(writing(where, f"w{n}", SECONDS, how)) for n in range(8)]
            readers = [threading.Thread(target=each.communicate) for each in processes]  # or their pipes fill
            for each in readers:
                each.start()
            try:
                while any(each.poll() is None for each in processes):
                    look()
                    time.sleep(0.001)
            finally:
                for each in processes:
                    each.kill()
                for each in readers:
                    each.join()
        look()
        must(all(each.returncode == 0 for each in processes), f"a writer failed: {[each.returncode for each in processes]}")
        must(len({commit_id.partition("-")[0] for _, commit_id in seen}) == 8, "not every process has written")
        must(seen == [(each.position, each.commit_id) for each in everything(store)], "a commit arrived behind the reader")

    @proof(
        {
            "each try has another id": lambda _: always_anew,
            "the version is checked before the id": lambda _: version_first,
            "stored commits do not tell their ids": lambda _: forgetful,
        }
    )
    def test_property_06_a_retry_with_the_same_commit_id_changes_nothing(self, variant: Variant, store: Store) -> None:
        deciding: Decide = variant(decide)

        def ask(expected: int | None, fingerprint: str = "f") -> Decided[tuple[str, ...]]:
            return deciding(store, STREAM, ROLES, lambda _: granted("mine"), "mine", Meta(fingerprint=fingerprint), expected)

        first = ask(0)
        for others in range(3):
            for expected in (None, 0):
                try:
                    again = ask(expected)
                except Conflict as conflict:
                    raise Violated(f"a retry was told of a conflict with version {conflict.actual}, which is its own doing") from conflict
                must((again.appended, again.version) == (first.appended, first.version), f"a retry after {others} others wrote again")
            append(store, len(versions(store)), "another's")
        with suppress(OtherRequest):
            ask(None, "g")
            raise Violated("another request under the same id was answered")
        orgs = load(store, STREAM, ROLES)[0] or ()
        must(orgs.count("mine") == 1, f"one request had {orgs.count('mine')} effects")

    @proof({"a snapshot does not tell its commits": WithoutCommits})
    def test_property_06_a_retry_changes_nothing_when_the_stream_is_read_from_a_snapshot(
        self, variant: Variant, store: Store, snapshots: Snapshots
    ) -> None:
        kept: Snapshots = variant(snapshots)
        often = replace(ROLES, state=tuple[str, ...], snapshot_every=2)

        def ask(org: str) -> Decided[tuple[str, ...]]:
            return decide(store, STREAM, often, lambda _: granted(org), f"by {org}", Meta(), None, kept)

        first = ask("mine")
        for number in range(6):
            ask(str(number))
        snapshot = snapshots.get(STREAM)
        assert snapshot is not None
        assert snapshot.version > 4
        again = ask("mine")
        must((again.appended, again.version, again.state) == (first.appended, first.version, first.state), "a retry was not known again")
        must((load(store, STREAM, ROLES)[0] or ()).count("mine") == 1, "a retry wrote again")

    @proof({"an answer before the write": lambda _: "early"})
    @pytest.mark.timeout(120)
    def test_property_07_after_kill_9_what_was_acknowledged_is_there_and_the_rest_whole_or_absent(
        self, variant: Variant, store: Store, where: str
    ) -> None:
        how, chance = variant(""), random.Random(7)
        for number in range(4):
            with writing(where, f"k{number}", 60, how) as process:
                assert process.stdout
                said = [process.stdout.readline() for _ in range(chance.randrange(10, 40))]
                time.sleep(chance.uniform(0, 0.02))
                process.kill()
                said += process.stdout.readlines()
            acknowledged = [each.split()[:3] for each in said if each.endswith("\n")]
            assert acknowledged, "the child said nothing"
            stored = {each.commit_id: each for each in store.read(f"d/person/k{number}", 0)}
            lost = [commit_id for commit_id, _, _ in acknowledged if commit_id not in stored]
            must(not lost, f"{len(lost)} of {len(acknowledged)} acknowledged commits are gone")
            must(all(str(stored[commit_id].last_version) == version for commit_id, _, version in acknowledged), "one stands elsewhere")
        found = everything(store)
        must(all(each.count == len(list(each.recorded())) == WHOLE for each in found), "half a commit is stored")


class TestSqlite(OnSqlite, StoreProperties):
    ON = "SQLite"

    @pytest.fixture
    def where(self, tmp_path: Path) -> str:
        return str(tmp_path)


@pytest.mark.mongodb
class TestMongo(OnMongo, StoreProperties):
    ON = "MongoDB"

    @pytest.fixture
    def where(self, mongodb_url: str, database: Documents) -> str:
        return f"{mongodb_url}#{database.name}"
