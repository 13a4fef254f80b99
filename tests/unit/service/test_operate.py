"""The operators' verbs on the folder of a small service, as they are typed."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from tests.unit.service.scales_service import create_app
from waymark.events.catalogue import operations
from waymark.events.catalogue.plans import ItemUpdated
from waymark.events.catalogue.types import Author, Sealed
from waymark.events.envelope import Meta, Recorded
from waymark.events.feed import Feed
from waymark.events.project import Projection
from waymark.events.sqlite.views import SqliteViews
from waymark.events.views import Change
from waymark.events.worker import Worker
from waymark.service.embedded import Folder
from waymark.service.main import Service, main
from waymark.service.operate import front
from waymark.service.ports import Ports
from waymark.service.settings import ServiceSettings

STREAM = "d1/plan/t1/s1"
NOTE = Sealed(about="s1", box=b"0" * 40)


class Judged(Struct, frozen=True):
    """How often a student's items were judged."""

    times: int


def _keys(recorded: Recorded) -> list[str]:
    return [f"{recorded.district}/judged/{recorded.key}"]


def _fold(_key: str, judged: Judged | None, recorded: Recorded) -> Judged:
    if isinstance(recorded.event, ItemUpdated) and recorded.event.note is not None:
        raise ValueError("notes are poison here")
    return Judged((judged.times if judged else 0) + 1)


JUDGED: Projection[Judged] = Projection(
    name="judged", version=1, source="plans", types=(ItemUpdated,), document=Judged, keys=_keys, evolve=_fold
)


def create_workers(ports: Ports, feeds: Mapping[str, Callable[[], Feed]]) -> list[Worker]:
    return [Worker(feeds["plans"](), (JUDGED,), ports.views)]


PLANS = Service(name="plans", settings=ServiceSettings, create_app=create_app, create_workers=create_workers)


class House:
    """The folder, as another process has it open."""

    def __init__(self, path: Path, read: Callable[[], tuple[str, str]]) -> None:
        self.folder = Folder(path, bytes(32))
        self.store, self.views = self.folder.store("plans"), SqliteViews(self.folder._views, "plans")
        self._read = read

    def judge(self, student: str, note: Sealed | None = None) -> None:
        stream = f"d1/plan/t1/{student}"
        version = max((each.last_version for each in self.store.read(stream, 0)), default=0)
        event = ItemUpdated(item="i1", value=2, note=note, effective=date(2026, 10, 12), by=Author("p1", "teacher"))
        self.store.append(stream, student, [event], version, str(version), Meta())

    def work(self) -> None:
        Worker(self.folder.feeds["plans"](), (JUDGED,), self.views).catch_up()

    def verb(self, *arguments: str, code: int = 0) -> Any:
        """What a verb answers in JSON."""
        assert main(PLANS, [*arguments, "--json"]) == code, self._read()
        return json.loads(self._read()[0])

    def said(self, *arguments: str, code: int = 0) -> str:
        assert main(PLANS, list(arguments)) == code
        return "".join(self._read())

    def times(self, student: str) -> int | None:
        """As the live view says it at this moment: a question of an API may be a second late."""
        key, live = f"d1/judged/{student}", self.views.live(JUDGED.name)
        held = self.views.load(JUDGED.view.at(live) if live else JUDGED.view, [key])
        document = held[key].document if key in held else None
        return document.times if document else None

    def operations(self) -> list[operations.Operation]:
        recorded = [each for commit in self.store.scan(0, 1000) for each in commit.recorded()]
        return [each.event for each in recorded if isinstance(each.event, operations.Operation)]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.startswith("WAYMARK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("waymark.events.rebuild.SEEN_SECONDS", 0.01)
    monkeypatch.setattr("waymark.events.standing.SEEN_SECONDS", 0.01)
    monkeypatch.setattr("waymark.events.check.PATIENCE", 0.2)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[House]:
    """Four facts about three students, all folded."""
    monkeypatch.setenv("WAYMARK_DATA", str(tmp_path))
    (tmp_path / "master.key").write_text(bytes(32).hex())
    house = House(tmp_path, lambda: tuple(capsys.readouterr()))  # type: ignore[arg-type,return-value]
    for student in ("s1", "s2", "s3", "s1"):
        house.judge(student)
    house.work()
    yield house
    house.folder.close()


def test_status_says_how_far_everything_is(house: House) -> None:
    house.judge("s2")
    found = house.verb("status")
    assert (found["store"], found["published"], found["workers"]) == (5, None, 0)
    (view,) = found["views"]
    assert (view["name"], view["live"], view["behind"], view["parked"]) == ("judged", "judged@1", 1, 0)
    assert "plans: store at 5, no worker is heard of" in house.said("status")


def test_rebuild_rollback_and_retire_leave_their_record(house: House) -> None:
    built = house.verb("rebuild", "judged", "--reason", "OPS-1", "--by", "night shift")
    assert built == {
        "by": "night shift",
        "reason": "OPS-1",
        "view": "judged@1.1",
        "before": "judged@1",
        "folded": 4,
        "compared": 3,
        "not_compared": 0,
    }
    assert house.verb("status")["views"][0]["previous"] == "judged@1"
    assert house.verb("rollback", "judged")["view"] == "judged@1"
    assert house.verb("retire", "judged") == {"dropped": ["judged@1.1"]}
    assert [type(each) for each in house.operations()] == [operations.ViewRebuilt, operations.ViewRolledBack]
    assert "no previous view" in house.said("rollback", "judged", code=1)
    assert house.said("retire", "judged") == "There is nothing to drop.\n"


def test_a_rebuild_that_differs_is_refused_and_names_documents_until_it_is_accepted(house: House) -> None:
    held = house.views.load(JUDGED.view, ["d1/judged/s2"])["d1/judged/s2"]
    damaged = Change(id="d1/judged/s2", document=Judged(99), marks=held.marks, parked={}, revision=held.revision)
    house.views.save(JUDGED.view, "plans", [damaged], (), {})
    said = house.said("rebuild", "judged", code=1)
    assert "differs: d1/judged/s2" in said
    assert "--accept-differences" in said
    assert house.times("s2") == 99
    assert house.said("check", code=1).count("d1/judged/s2: is not what the facts fold to") == 1
    assert house.verb("rebuild", "judged", "--accept-differences")["different"] == 1
    assert house.times("s2") == 1
    assert house.verb("check")["findings"] == []


def test_parked_streams_are_listed_retried_and_given_up(house: House) -> None:
    house.judge("s1", NOTE)
    house.judge("s1")
    house.work()
    (listed,) = house.verb("parked", "list")
    assert (listed["stream"], listed["events"], listed["version"], listed["type"]) == (STREAM, 2, 3, "plans.item-updated.v1")
    assert "notes are poison here" in house.said("parked", "list", "judged")
    assert house.verb("parked", "retry", "judged", code=1) == {
        "retried": [],
        "failed": [f"judged@1 {STREAM}: ValueError: notes are poison here"],
    }
    assert house.verb("parked", "discard", "judged", STREAM, "--reason", "OPS-2")[0]["discarded"] == 2
    assert house.said("parked", "list") == "Nothing is parked.\n"
    assert "is not parked" in house.said("parked", "discard", "judged", STREAM, code=1)
    assert [(type(each), each.reason) for each in house.operations()] == [(operations.StreamDiscarded, "OPS-2")]
    assert house.verb("check")["findings"] == [], "what was given up is known, and no finding"


def test_a_parked_event_is_redacted_and_its_stream_folded(house: House) -> None:
    house.judge("s1", NOTE)
    house.judge("s1")
    house.work()
    assert "Name what to take out" in house.said("parked", "redact", "judged", STREAM, "--version", "3", code=1)
    assert "the event has no /nothing" in house.said("parked", "redact", "judged", STREAM, "--version", "3", "--remove", "/nothing", code=1)
    (done,) = house.verb("parked", "redact", "judged", STREAM, "--version", "3", "--null", "/note")
    assert (done["fields"], done["folded"]) == (["/note"], 2)
    assert house.times("s1") == 4
    said = house.said("rebuild", "judged", code=1)
    assert f"could not be folded: {STREAM}" in said
    house.verb("parked", "redact", "judged@1.1", STREAM, "--version", "3", "--null", "/note")
    assert house.verb("rebuild", "judged")["view"] == "judged@1.1"
    assert house.times("s1") == 4


def test_verbs_work_beside_a_running_worker(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waymark.events.worker.LOOK", 0.05)
    monkeypatch.setattr("waymark.events.worker.WAIT", 0.02)
    monkeypatch.setattr("waymark.events.standing.SETTLED_SECONDS", 0.1)
    monkeypatch.setattr("waymark.service.operate.parked.FOLLOWERS", 0.1)
    house.judge("s1", NOTE)
    stop = threading.Event()
    worker = threading.Thread(target=Worker(house.folder.feeds["plans"](), (JUDGED,), house.views).run, args=(stop,))
    worker.start()
    try:
        while not house.views.parked_streams(JUDGED.view):
            pass
        assert house.verb("status")["workers"] == 1
        house.verb("parked", "redact", "judged", STREAM, "--version", "3", "--remove", "/note")
        assert house.times("s1") == 3
        assert house.verb("parked", "retry") == {"retried": [], "failed": []}
        house.verb("rebuild", "judged", code=1)
        house.verb("parked", "discard", "judged@1.1", STREAM)
        house.verb("rebuild", "judged", "--accept-differences")
        house.verb("rollback", "judged")
        assert house.verb("retire", "judged") == {"dropped": ["judged@1.1"]}
        assert house.times("s1") == 3
    finally:
        stop.set()
        worker.join()


def test_a_hole_in_the_store_is_found(house: House) -> None:
    with house.store._database.write() as db:
        db.execute("DELETE FROM plans_commits WHERE position = 2")
    said = house.said("check", code=1)
    assert "position 2 is missing" in said
    ((recorded,),) = (list(each.recorded()) for each in house.store.read("platform/operation/check", 0))
    assert recorded.event == operations.Checked(by="operator", commits=4, documents=0, wrong=1)


def test_what_cannot_be_is_refused_with_what_can(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "plans has no view 'nonsense'. It has: judged" in house.said("rebuild", "nonsense", code=1)
    assert "judged@1.7 does not stand. These do: judged@1" in house.said("parked", "retry", "judged@1.7", code=1)
    assert house.verb("republish", code=1) == {"refused": "Here the topic is the store's own table: there is nothing to publish."}
    monkeypatch.setenv("WAYMARK_DATA", str(tmp_path / "elsewhere"))
    assert "holds no Waymark" in house.said("status", code=2)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("verb", ["status", "rebuild", "rollback", "retire", "parked", "republish", "check"])
def test_every_verb_explains_itself(house: House, verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(PLANS, [verb, "--help"])
    assert ended.value.code == 0
    assert "--json" in capsys.readouterr().out


def test_waymark_stands_in_front_of_all_services(capsys: pytest.CaptureFixture[str], house: House) -> None:
    assert front.main([]) == 2
    assert front.main(["--help"]) == 0
    assert "waymark roster|plans|reporting" in capsys.readouterr().out
    assert front.main(["plans", "status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["service"] == "plans"
    assert front.main(["status", "--json"]) == 0
    assert [json.loads(each)["service"] for each in capsys.readouterr().out.splitlines()] == ["roster", "plans", "reporting"]


def test_a_program_of_another_version_refuses_to_rebuild_what_is_live(house: House) -> None:
    def newer(ports: Ports, feeds: Mapping[str, Callable[[], Feed]]) -> list[Worker]:
        return [Worker(feeds["plans"](), (replace(JUDGED, version=2),), ports.views)]

    assert main(replace(PLANS, create_workers=newer), ["rebuild", "judged"]) == 1
    assert "judged@1 is live, and this program builds version 2" in "".join(house._read())
