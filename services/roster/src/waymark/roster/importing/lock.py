"""One import at a time per district, held by the operating system: a killed process leaves no lock behind."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

TRIES = 5  # `is_running` holds the lock for a moment, too


class ImportRunning(Exception):
    """Another import of the district is running."""


@contextmanager
def only_import(folder: Path, ident: str) -> Generator[None]:
    """Raises ImportRunning when another process or thread is inside for the same folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as file:
        for left in reversed(range(TRIES)):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as problem:
                if not left:
                    raise ImportRunning(folder.name) from problem
                time.sleep(0.02)
        file.truncate(0)
        file.write(ident)
        file.flush()
        yield


def is_running(folder: Path, ident: str) -> bool:
    """Whether this import is running now, here or in another process that shares the folder."""
    path = folder / "lock"
    if not path.exists():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read() == ident
    return False
