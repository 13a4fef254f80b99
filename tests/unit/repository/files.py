"""The files of the repository, as git sees them: tracked, and new ones that are not ignored."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SOURCES = (".py", ".ts", ".tsx")
GENERATED = ("web/src/client/",)


@cache
def all_files() -> tuple[Path, ...]:
    """Paths relative to the root."""
    # A checkout that belongs to another user than the one who tests it is fine here.
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(sorted(Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()))


def sources() -> Iterator[Path]:
    """What people write and read as code."""
    return (path for path in written() if path.suffix in SOURCES)


def written() -> Iterator[Path]:
    """What is not generated."""
    return (path for path in all_files() if not str(path).startswith(GENERATED))


def texts() -> Iterator[tuple[Path, str]]:
    """Every written file that is text, with its content."""
    for path in written():
        try:
            yield path, (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
