"""One import at a time per district, held by the operating system: a killed process leaves no lock behind."""

from __future__ import annotations

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


class ImportRunning(Exception):
    """Another import of the district is running."""


@contextmanager
def only_import(folder: Path) -> Generator[None]:
    """Raises ImportRunning at once when another process or thread is inside for the same folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise ImportRunning(folder.name) from problem
        yield
