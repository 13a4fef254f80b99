"""What `up` remembers: it names living engines of ours only, however the last run ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from waymark.tools.engines import places, processes, shared, state
from waymark.tools.engines.__main__ import main
from waymark.tools.engines.ports import wait_until
from waymark.tools.engines.processes import Process
from waymark.tools.engines.settings import addresses
from waymark.tools.engines.state import Started


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("WAYMARK_CACHE", str(tmp_path))
    monkeypatch.delenv("WAYMARK_KAFKA_BOOTSTRAP", raising=False)
    monkeypatch.delenv("WAYMARK_MONGODB_URL", raising=False)
    return tmp_path


def kafka(*started: Process, folder: Path = Path("/nowhere/run")) -> dict[str, Started]:
    return {"kafka": Started("127.0.0.1:29999", started, (str(folder),))}


def ourselves(started: str) -> Process:
    return Process("kafka", os.getpid(), started)


def test_what_is_saved_is_what_is_loaded():
    engines = kafka(Process("kafka", 7, "boot/12", signal.SIGINT))
    state.save(engines)
    assert state.load() == engines


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"kafka": {}}', '{"kafka": {"setting": "x", "processes": [{"id": 1}], "folders": []}}', "null"]
)
def test_a_file_that_is_no_state_names_no_engine(text: str):
    assert state.parse(text) == {}


def test_without_a_state_file_nothing_runs():
    assert state.load() == {}
    assert shared.running() is None


def test_a_process_that_took_over_the_id_of_ours_is_not_ours():
    moment = processes.moment_started(os.getpid())
    assert moment is not None
    assert ourselves(moment).alive()
    assert not ourselves("another boot/1").alive()


def test_ending_what_is_remembered_leaves_a_stranger_with_the_same_id_alone_and_deletes_the_data(cache: Path):
    folder = cache / "run"
    folder.mkdir()
    for engine in kafka(ourselves("another boot/1"), folder=folder).values():
        engine.end()  # would end this very test, were it taken for ours
    assert not folder.exists()


def test_a_killed_engine_is_dead_though_the_state_file_names_it(cache: Path):
    process = processes.spawn("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], log=cache / "log", detached=True)
    state.save(kafka(process))
    assert process.alive()
    os.kill(process.pid, signal.SIGKILL)
    os.waitpid(process.pid, 0)
    assert not process.alive()
    assert shared.settings({}) == {}
    assert main(["env"]) == 1


def test_a_process_that_ignores_being_asked_is_killed(cache: Path, monkeypatch):
    monkeypatch.setattr(processes, "PATIENCE", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    process = processes.spawn("deaf", [sys.executable, "-c", deaf], log=cache / "log", detached=True)
    assert wait_until(lambda: "deaf" in (cache / "log").read_text(), seconds=10)
    process.stop()
    assert not process.alive()


def test_a_given_server_goes_before_one_that_was_started():
    given = {"WAYMARK_KAFKA_BOOTSTRAP": "kafka.example:9092"}
    assert shared.settings(given) == {"kafka": "kafka.example:9092"}


def test_env_prints_nothing_but_the_settings():
    settings = {"WAYMARK_MONGODB_URL": "mongodb://db.example/", "WAYMARK_KAFKA_BOOTSTRAP": "kafka.example:9092"}
    command = [sys.executable, "-m", "waymark.tools.engines", "env"]
    asked = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=True)
    assert asked.stdout == "WAYMARK_MONGODB_URL=mongodb://db.example/\nWAYMARK_KAFKA_BOOTSTRAP=kafka.example:9092\n"


@pytest.mark.parametrize("required, code", [("required", 1), (None, 0)])
def test_an_engine_that_cannot_be_had_fails_only_where_engines_are_required(monkeypatch, capsys, required: str | None, code: int):
    monkeypatch.setenv("WAYMARK_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    monkeypatch.delenv("WAYMARK_ENGINES", raising=False)
    if required:
        monkeypatch.setenv("WAYMARK_ENGINES", required)
    assert main(["up", "--kafka"]) == code
    told = capsys.readouterr().err
    assert "127.0.0.1:1, which does not answer" in told
    assert ("will be skipped" in told) == (code == 0)


@pytest.mark.parametrize(
    "setting, named",
    [
        ("127.0.0.1:29392", [("127.0.0.1", 29392)]),
        ("one:1, two", [("one", 1), ("two", 9092)]),
        ("mongodb://127.0.0.1:29317/?replicaSet=waymark", [("127.0.0.1", 29317)]),
        ("mongodb://user:p%40ss@one:1,two/waymark", [("one", 1), ("two", 27017)]),
        ("mongodb+srv://cluster.example/", []),
    ],
)
def test_the_servers_a_setting_names_are_read_from_it(setting: str, named: list[tuple[str, int]]):
    assert addresses(setting) == named


def test_runs_that_nothing_remembers_are_deleted_and_the_others_kept():
    kept, forgotten = places.new_run(), places.new_run()
    places.delete_runs_but([str(kept)])
    assert kept.exists()
    assert not forgotten.exists()
