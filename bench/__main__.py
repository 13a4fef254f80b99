"""The engine against its field and against the physical limit: `python -m bench [--full] [--rows 1,2] [--write]`.

Each row runs in a process of its own with a time limit, so that a row that hangs is told and the others go on. `--write`
puts the tables into docs/benchmarks.md, between its markers.
"""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from bench.measure import FULL, SHORT
from bench.report import Report, Verdict, told

ROWS = {
    1: ("append", 75),
    2: ("reading", 90),
    3: ("deciding", 90),
    4: ("documents", 75),
    5: ("positions", 110),
    6: ("relay", 90),
    7: ("consume", 75),
    8: ("project", 90),
    9: ("marks", 75),
    10: ("rebuild", 90),
    11: ("restart", 150),
    12: ("command", 100),
    13: ("counting", 75),
    14: ("memory", 90),
}
"""The module of each row under bench/rows, and the most seconds its short form may take."""
FULL_TIMES = 15  # as many as that in the long form
TOTAL = 590  # seconds for the short form: rows that would begin later are told as not run
DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- bench: written by `make bench` -->", "<!-- end of bench -->"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="the long form: hours rather than minutes")
    parser.add_argument("--rows", default=",".join(map(str, ROWS)), help="which, such as 1,2,8")
    parser.add_argument("--write", action="store_true", help="rewrite the tables in docs/benchmarks.md")
    parser.add_argument("--run", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        sys.stdout.buffer.write(msgspec.json.encode(run(asked.run, asked.full)))
        return 0
    began = time.monotonic()
    reports: list[Report] = []
    for number in [int(each) for each in asked.rows.split(",")]:
        left = TOTAL - (time.monotonic() - began)
        print(f"{number}. {ROWS[number][0]} ...", file=sys.stderr, flush=True)
        limit = ROWS[number][1] * FULL_TIMES if asked.full else min(ROWS[number][1], left)
        reports.append(apart(number, asked.full, limit) if limit > 1 else failed(number, "no time was left"))
        for each in reports[-1].verdicts:
            print(f"   {each.what}: {each.ours}, {each.reached}: {each.told}", file=sys.stderr)
        print(f"   {reports[-1].seconds:.0f} s", file=sys.stderr, flush=True)
    text = told(reports, f"{'long' if asked.full else 'short'}, {time.monotonic() - began:.0f} s in all")
    print(text)
    if asked.write:
        write(text)
    return 0


def run(number: int, full: bool) -> Report:
    """One row, here. What a row prints goes to standard error: standard output carries its report alone."""
    kept, sys.stdout = sys.stdout, sys.stderr
    try:
        began = time.monotonic()
        report: Report = importlib.import_module(f"bench.rows.{ROWS[number][0]}").run(FULL if full else SHORT)
        report.seconds = time.monotonic() - began
        return report
    finally:
        sys.stdout = kept


def apart(number: int, full: bool, limit: float) -> Report:
    """One row in a process group of its own, which ends with it."""
    command = [sys.executable, "-m", "bench", "--run", str(number), *(["--full"] if full else [])]
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        env = {**os.environ, "TMPDIR": folder, "WAYMARK_LOG_LEVEL": "error"}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=env, start_new_session=True)
        try:
            output, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            return failed(number, f"it did not end within {limit:.0f} s", limit)
        finally:
            end(process)
    if process.returncode:
        return failed(number, f"it ended with {process.returncode}; its words are above")
    return msgspec.json.decode(output, type=Report)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends the row and whatever it has started, also what has a process group of its own because the row kills it."""
    for pid in [*descendants(process.pid), process.pid]:
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # the usual case: nobody is left, or no group is led by it
    process.wait()


def descendants(pid: int) -> list[int]:
    """Children, their children, and so on. Where there is no /proc: nobody."""
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(each) for each in listed.read_text().split()]
        except OSError:
            continue  # it ended while it was asked
        for child in children:
            found += [*descendants(child), child]
    return found


def failed(number: int, why: str, seconds: float = 0.0) -> Report:
    name = ROWS[number][0]
    verdict = Verdict(what=name, ours="", target="", reached="", met=None, reason=f"not measured: {why}")
    return Report(number=number, work=name, durability="Not measured.", verdicts=[verdict], seconds=seconds)


def write(text: str) -> None:
    document = DOCUMENT.read_text()
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}")


if __name__ == "__main__":
    sys.exit(main())
