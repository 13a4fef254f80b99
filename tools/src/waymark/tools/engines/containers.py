"""The engines as containers, described in deploy/compose."""

import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from waymark.tools.engines.processes import Process
from waymark.tools.engines.steps import run

COMPOSE = Path(__file__).resolve().parents[5] / "deploy" / "compose" / "compose.yaml"


def container_tool() -> str | None:
    """The container engine that answers and knows compose: docker or podman. None without one, or outside a checkout."""
    if COMPOSE.exists():
        for tool in ("docker", "podman"):
            if _succeeds(tool, "info") and _succeeds(tool, "compose", "version"):
                return tool
    return None


def shared_project(name: str) -> str:
    """The compose project of the engine `name` that `up` starts."""
    return f"waymark-engines-{name}"


def _succeeds(*command: str) -> bool:
    with suppress(OSError, subprocess.TimeoutExpired):
        return subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, timeout=20).returncode == 0
    return False


class ContainerService:
    """One service of the compose file, alone in its compose project; `ports` go to it as variables."""

    processes: Sequence[Process] = ()
    folders: Sequence[Path] = ()

    def __init__(self, tool: str, project: str, name: str, ports: dict[str, int]) -> None:
        self._compose = [tool, "compose", "-f", str(COMPOSE), "-p", project]
        self._name = name
        self._ports = {variable: str(port) for variable, port in ports.items()}

    def start(self) -> None:
        self._run("starting its container", "up", "-d", "--wait", self._name, quiet=False)

    def stop(self) -> None:
        self._run("stopping its container", "stop", self._name)

    def kill(self) -> None:
        self._run("killing its container", "kill", self._name)

    def remove(self) -> None:
        self._run("removing its container", "down", "--volumes")

    def _run(self, what: str, *arguments: str, quiet: bool = True) -> None:
        run(f"{self._name}: {what}", [*self._compose, *arguments], env={**os.environ, **self._ports}, quiet=quiet)
