"""`make mutants ARGS="--minutes 20 --seed 7"`: does some test fail when a line of the pure code is wrong?

cosmic-ray makes the mutants (an operator, a constant or a decorator changed) of the engine's pure files and of every domain/. A
sample of them, drawn by the seed, is run one after the other in a clone of the checkout (so only what is committed counts), each
against the tests of its own module. What no test notices is printed: it is a missing test, or code that says the same either way.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import cryptography.hazmat.primitives.ciphers.aead  # what tests import is imported once, before each run is forked off
import hypothesis
import prometheus_client
import pymongo
import pytest
from cosmic_ray.commands import init
from cosmic_ray.mutating import use_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from pythons import ROOT

PRELOADED = (cryptography, hypothesis, prometheus_client, pymongo)
EVENTS, UNIT = "libs/events/src/waymark/events", "tests/unit/events"
TESTS: dict[str, tuple[str, ...]] = {
    f"{EVENTS}/envelope.py": (
        f"{UNIT}/test_envelope.py",
        f"{UNIT}/test_cloud.py",
        f"{UNIT}/test_decide.py",
        "tests/contract/test_sqlite.py",
    ),
    f"{EVENTS}/decide.py": (f"{UNIT}/test_decide.py", f"{UNIT}/test_snapshots.py", "tests/unit/service/test_write.py"),
    f"{EVENTS}/snapshots.py": (f"{UNIT}/test_snapshots.py",),
    f"{EVENTS}/appender.py": (f"{UNIT}/test_appender.py", "tests/contract/test_sqlite.py"),
    f"{EVENTS}/cloud.py": (f"{UNIT}/test_cloud.py", f"{UNIT}/test_golden.py", "tests/proofs/test_cloud.py"),
    f"{EVENTS}/park.py": (f"{UNIT}/test_park.py", f"{UNIT}/test_project.py"),
    f"{EVENTS}/project.py": (
        f"{UNIT}/test_project.py",
        f"{UNIT}/test_sent_again.py",
        f"{UNIT}/test_park.py",
        "tests/proofs/test_projection.py",
    ),
    f"{EVENTS}/relay.py": (f"{UNIT}/test_relay.py", f"{UNIT}/test_relay_batches.py", f"{UNIT}/test_relay_waits.py"),
    f"{EVENTS}/wrapping.py": (f"{UNIT}/test_wrapping.py", "tests/contract/test_sqlite.py", "tests/unit/roster/test_command_line.py"),
    f"{EVENTS}/feed.py": (
        f"{UNIT}/test_store_feed.py",
        f"{UNIT}/test_project.py",
        f"{UNIT}/test_catch_up.py",
        "tests/contract/test_feeds.py",
    ),
    "services/plans/src/waymark/plans/domain/spans.py": ("tests/unit/plans/test_spans.py", "tests/unit/plans/test_spans_reference.py"),
    "services/plans/src/waymark/plans/domain": (
        "tests/unit/plans/test_plan_rules.py",
        "tests/unit/plans/test_scale_rules.py",
        "tests/unit/plans/test_template_rules.py",
        "tests/unit/plans/test_spans.py",
        "tests/unit/plans/test_api_plans.py",
        "tests/unit/plans/test_api_templates.py",
    ),
    "services/reporting/src/waymark/reporting/domain": (
        "tests/unit/reporting/test_domain.py",
        "tests/unit/reporting/test_bars.py",
        "tests/unit/reporting/test_history.py",
    ),
    "services/roster/src/waymark/roster/domain": (
        "tests/unit/roster/test_people_rules.py",
        "tests/unit/roster/test_district_rules.py",
        "tests/unit/roster/test_places_rules.py",
        "tests/unit/roster/test_import.py",
        "tests/unit/roster/test_api_imports.py",
    ),
}
"""The tests that each file, or each folder's files, are held to: those that a developer of it would run, the quickest first."""

EQUIVALENT = re.compile("ReplaceComparisonOperator_(Is_Eq|IsNot_NotEq)$")
"""`is None` and `== None` say the same of our values."""
PATIENCE = 60.0  # seconds; a mutant that hangs is noticed


@dataclass(frozen=True)
class Mutant:
    module: str
    line: int
    operator: str
    occurrence: int

    @property
    def tests(self) -> tuple[str, ...]:
        return next(tests for where, tests in TESTS.items() if self.module.startswith(where))


@dataclass(frozen=True)
class Tried:
    mutant: Mutant
    outcome: str
    change: str


def main() -> int:
    asked = argparse.ArgumentParser(prog="mutants", description=__doc__)
    asked.add_argument("--minutes", type=float, default=20)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--only", default="", help="only files whose path holds this")
    asked.add_argument("--json", type=Path, default=ROOT / ".make/mutants.json", help="where the result is written")
    chosen = asked.parse_args()
    _enter_clone(ROOT / ".make/mutants")
    mutants = [each for each in _mutants() if chosen.only in each.module]
    random.Random(chosen.seed).shuffle(mutants)
    if failing := [tests for tests in sorted({tests for each in mutants for tests in each.tests}) if not _passes(tests, PATIENCE * 5)]:
        print(f"without any mutant, these fail: {' '.join(failing)}", file=sys.stderr)
        return 1
    tried: list[Tried] = []
    end = time.monotonic() + chosen.minutes * 60
    for each in mutants:
        if time.monotonic() > end:
            break
        outcome = _try(each)
        if outcome is None:
            continue
        tried.append(outcome)
        if outcome.outcome == "survived":
            print(f"survived: {each.module}:{each.line} {each.operator}\n{outcome.change}", flush=True)
    _say(tried, len(mutants), chosen.seed)
    chosen.json.write_text(json.dumps({"seed": chosen.seed, "mutants": len(mutants), "tried": [asdict(each) for each in tried]}, indent=1))
    return 0


def _enter_clone(folder: Path) -> None:
    """From here on this process and those it starts work in a fresh clone, whose packages come before the installed ones."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, folder], check=True)
    os.chdir(folder)
    sources = [
        str(each) for each in (*folder.glob("libs/*/src"), *folder.glob("services/*/src"), folder / "standalone/src", folder / "tools/src")
    ]
    sys.path[:0] = [*sources, str(folder)]
    os.environ["PYTHONPATH"] = os.pathsep.join(sources)
    sys.dont_write_bytecode = True  # or a mutant written within the same second would not be compiled
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = os.environ["PYTHONDONTWRITEBYTECODE"] = "1"


def _mutants() -> Iterator[Mutant]:
    files = [path for where in TESTS for path in sorted([Path(where)] if where.endswith(".py") else Path(where).glob("*.py"))]
    with use_db(":memory:", WorkDB.Mode.create) as work:
        init(list(dict.fromkeys(files)), work, {})
        for item in work.work_items:
            for each in item.mutations:
                if not EQUIVALENT.search(each.operator_name):
                    yield Mutant(str(each.module_path), each.start_pos[0], each.operator_name, each.occurrence)


def _meaning(source: str) -> str:
    """What of a module's text can make a difference when it runs: all but annotations. Empty where it is no Python at all."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def _try(mutant: Mutant) -> Tried | None:
    """None: it would change an annotation only, which the type checker holds, or is no Python."""
    path = Path(mutant.module)
    with use_mutation(path, get_operator(mutant.operator)(), mutant.occurrence) as (before, after):
        if after is None or _meaning(after) in ("", _meaning(before)):
            return None
        survived = all(_passes(tests, PATIENCE) for tests in mutant.tests)  # the first that fails is enough
        old, new = before.splitlines(), after.splitlines()
        change = [f"    - {a.strip()}\n    + {b.strip()}" for a, b in zip(old, new, strict=False) if a != b][:1]
    return Tried(mutant, "survived" if survived else "killed", "\n".join(change))


def _passes(tests: str, seconds: float) -> bool:
    """Whether these tests pass, in a process forked off this one and within the time."""
    child = os.fork()
    if child == 0:
        os.setsid()
        silence = os.open(os.devnull, os.O_RDWR)
        for each in (0, 1, 2):
            os.dup2(silence, each)
        os._exit(
            pytest.main(
                ["-q", "-x", "-p", "no:cacheprovider", "-p", "pytest_timeout", "-m", "not mongodb and not kafka and not engines", tests]
            )
        )
    end = time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) == 0
        if time.monotonic() > end:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return False
        time.sleep(0.01)


def _say(tried: list[Tried], there: int, seed: int) -> None:
    print(f"\n{'file':<70} tried  noticed")
    for module in sorted({each.mutant.module for each in tried}):
        own = [each for each in tried if each.mutant.module == module]
        print(f"{module:<70} {len(own):5}  {sum(each.outcome == 'killed' for each in own):7}")
    noticed = sum(each.outcome == "killed" for each in tried)
    print(
        f"{noticed} of {len(tried)} noticed ({100 * noticed / max(1, len(tried)):.0f} %); about {there} there are; seed {seed}", flush=True
    )


if __name__ == "__main__":
    sys.exit(main())
