"""Where installations, data and the state file of the engines live: outside any checkout, so that a fresh clone finds them."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


def cache() -> Path:
    """The cache folder: `WAYMARK_CACHE`, or `~/.cache/waymark`. Made if it is not there."""
    folder = Path(os.environ.get("WAYMARK_CACHE") or Path.home() / ".cache" / "waymark").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def installation(name: str, recipe: str) -> Path:
    """Where what `recipe` makes belongs. A changed recipe is another folder, so that an old installation is never taken for it."""
    return cache() / f"{name}-{hashlib.sha256(recipe.encode()).hexdigest()[:8]}"


@contextmanager
def installing(home: Path) -> Iterator[Path]:
    """A new folder to install into, which becomes `home` at the end only: a broken-off installation never counts as one."""
    part = home.with_name(f"{home.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    yield part
    part.rename(home)


def state_file() -> Path:
    return cache() / "engines.json"


def new_run() -> Path:
    """A new, empty folder for one engine's data and logs."""
    runs = cache() / "runs"
    runs.mkdir(exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="run-", dir=runs))


def delete_runs_but(kept: Iterable[str]) -> None:
    """Delete what runs left behind that broke off before anything remembered them."""
    for run in set((cache() / "runs").glob("run-*")) - {Path(folder) for folder in kept}:
        shutil.rmtree(run, ignore_errors=True)


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Hold `name` against every other process on this machine: two starts at once would install or start twice."""
    with (cache() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
