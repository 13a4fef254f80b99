"""What one process of this service holds beside its ports: imports and the thread that runs them, students and classes."""

from __future__ import annotations

from typing import Final, cast

from flask import Flask, current_app
from msgspec import Struct

from waymark.roster.importing.runner import Runner
from waymark.roster.importing.surroundings import Surroundings
from waymark.roster.sections import Sections
from waymark.roster.students import Students

EXTENSION: Final = "waymark.roster"


class Wired(Struct, frozen=True):
    around: Surroundings
    runner: Runner
    students: Students
    sections: Sections


def install(app: Flask, wired: Wired) -> None:
    app.extensions[EXTENSION] = wired


def wired() -> Wired:
    return cast(Wired, current_app.extensions[EXTENSION])
