"""Which of the ways to an engine this machine offers."""

import os
from dataclasses import dataclass
from enum import StrEnum

from waymark.tools.engines import containers, packages


class Way(StrEnum):
    GIVEN = "given"  # somebody else runs it
    CONTAINER = "container"
    PACKAGES = "packages"
    NONE = "none"


@dataclass(frozen=True)
class Machine:
    container_tool: str | None
    debian: bool
    root: bool


def machine() -> Machine:
    return Machine(container_tool=containers.container_tool(), debian=packages.is_debian(), root=os.geteuid() == 0)


def choose(given: str | None, machine: Machine) -> Way:
    """The first way that fits; `given` is the setting that names a server which already runs."""
    if given:
        return Way.GIVEN
    if machine.container_tool:
        return Way.CONTAINER
    if machine.debian and machine.root:
        return Way.PACKAGES
    return Way.NONE


def why_none(machine: Machine) -> str:
    lacking = "this is not Debian" if not machine.debian else "this is not root"
    return f"no container engine with compose answers (docker, podman), and installing from packages needs Debian and root: {lacking}"
