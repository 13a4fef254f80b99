"""The engines that everybody on this machine shares: what `up`, `down`, `env` and `status` do."""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from waymark.tools.engines import places, state
from waymark.tools.engines.containers import ContainerService, container_tool, shared_project
from waymark.tools.engines.ports import SHARED_KAFKA, SHARED_MONGODB, kafka_ports, mongodb_ports
from waymark.tools.engines.service import Engine
from waymark.tools.engines.settings import VARIABLES, responds
from waymark.tools.engines.start import start_kafka, start_mongodb
from waymark.tools.engines.state import Started
from waymark.tools.engines.steps import Unavailable, say


@dataclass(frozen=True)
class Running:
    """Where the engines are. None for one that does not run."""

    mongodb_url: str | None
    kafka_bootstrap: str | None


def settings(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The setting of each engine that can be used, by name: one given in the environment goes before one that `up` started."""
    started = state.load()
    found: dict[str, str] = {}
    for name, variable in VARIABLES.items():
        if given := environment.get(variable):
            found[name] = given
        elif name in started and started[name].alive():
            found[name] = started[name].setting
    return found


def running() -> Running | None:
    """The shared engines; None if neither runs."""
    found = settings()
    return Running(found.get("mongodb"), found.get("kafka")) if found else None


def up(names: Iterable[str]) -> dict[str, str]:
    """Start those of `names` that do not run. Answers why, for each that cannot be had."""
    with places.lock("engines"):
        problems: dict[str, str] = {}
        missing: list[str] = []
        started = state.load()
        for name in names:
            given = os.environ.get(VARIABLES[name])
            if given and not responds(given):
                problems[name] = f"{VARIABLES[name]} names {given}, which does not answer; unset it to have an engine started"
            elif given:
                say(f"{name}: given by {VARIABLES[name]}, nothing to start")
            elif name in started and started[name].alive():
                say(f"{name}: already running")
            else:
                missing.append(name)
        for name in missing:
            _end(name, started)
        places.delete_runs_but(folder for engine in started.values() for folder in engine.folders)
        with ThreadPoolExecutor() as pool:
            attempts = {name: pool.submit(STARTS[name]) for name in missing}
            for name, attempt in attempts.items():
                try:
                    engine = attempt.result()
                except (Unavailable, OSError) as error:
                    problems[name] = str(error)
                    continue
                folders = tuple(str(folder) for folder in engine.service.folders)
                started[name] = Started(engine.setting, tuple(engine.service.processes), folders)
                state.save(started)
                say(f"{name}: running")
        return problems


def down() -> None:
    """End what `up` started, and delete its data."""
    with places.lock("engines"):
        started = state.load()
        if not started:
            say("nothing to end: `up` started nothing here")
        for name in list(started):
            _end(name, started)
            say(f"{name}: ended")


def _end(name: str, started: dict[str, Started]) -> None:
    if engine := started.get(name):
        if not engine.processes and (tool := container_tool()):
            ContainerService(tool, shared_project(name), name, {}).remove()
        engine.end()
        del started[name]
        state.save(started)


def _kafka() -> Engine:
    return start_kafka(places.new_run(), kafka_ports(SHARED_KAFKA), project=shared_project("kafka"), detached=True)


def _mongodb() -> Engine:
    return start_mongodb(places.new_run(), mongodb_ports(SHARED_MONGODB), project=shared_project("mongodb"), detached=True)


STARTS: dict[str, Callable[[], Engine]] = {"kafka": _kafka, "mongodb": _mongodb}
