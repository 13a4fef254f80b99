"""What `up` started, so that `down` ends that and nothing else, and `env` finds it."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from waymark.tools.engines import places
from waymark.tools.engines.processes import Process
from waymark.tools.engines.settings import responds


@dataclass(frozen=True)
class Started:
    """One engine: how to reach it, and what has to be ended and deleted for it to be gone. Without processes it is a container."""

    setting: str
    processes: tuple[Process, ...]
    folders: tuple[str, ...]

    def alive(self) -> bool:
        return all(process.alive() for process in self.processes) and responds(self.setting)

    def end(self) -> None:
        """End what is left of its processes and delete its data. A process that took over an id of ours is left alone."""
        for process in self.processes:
            process.stop()
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)


def dump(started: Mapping[str, Started]) -> str:
    return json.dumps({name: asdict(engine) for name, engine in started.items()}, indent=2) + "\n"


def parse(text: str) -> dict[str, Started]:
    """The engines in a state file by name. A text that is no state file names none: it is rewritten by the next `up`."""
    try:
        return {
            name: Started(engine["setting"], tuple(Process(**process) for process in engine["processes"]), tuple(engine["folders"]))
            for name, engine in json.loads(text).items()
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def load() -> dict[str, Started]:
    file = places.state_file()
    return parse(file.read_text()) if file.exists() else {}


def save(started: Mapping[str, Started]) -> None:
    file: Path = places.state_file()
    part = file.with_suffix(".part")
    part.write_text(dump(started))
    part.replace(file)
