"""Steps of an installation: a line when one begins and ends, the last lines of its output when it fails."""

import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from waymark.tools.engines import places


class Unavailable(Exception):
    """An engine cannot be had here. The text says why, and what to do."""


def say(line: str) -> None:
    """Progress goes to standard error: standard output carries the settings only."""
    print(line, file=sys.stderr, flush=True)


def run(what: str, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, quiet: bool = False) -> str:
    """Run one step to its end and give its output. Raises Unavailable, with the last lines of output, if it fails."""
    if not quiet:
        say(f"{what} ...")
    begun = time.monotonic()
    try:
        done = subprocess.run(
            [str(part) for part in command],
            check=False,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd="/",
        )
    except OSError as error:
        raise Unavailable(f"{what}: {error}") from error
    if done.returncode != 0:
        tail = "\n".join(f"    {line}" for line in done.stdout.splitlines()[-20:])
        raise Unavailable(f"{what} failed ({command[0]} gave {done.returncode}){_kept(what, done.stdout)}; its last lines:\n{tail}")
    if not quiet:
        say(f"{what}: {time.monotonic() - begun:.0f} s")
    return done.stdout


def _kept(what: str, output: str) -> str:
    if len(output) < 4000:
        return ""
    log = places.cache() / f"failed-{re.sub('[^a-z0-9]+', '-', what.lower())[:50]}.log"
    log.write_text(output)
    return f", all it said is in {log}"
