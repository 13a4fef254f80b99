"""`make test`: run every suite, go on after a failure, and end with what passed, what failed, what was skipped and how to enable it.

With WAYMARK_ENGINES=required a skip counts as a failure: CI must not be green because it tested less.
The totals are left in .make/reports/totals as `<passed> <failed>`.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from pythons import ROOT, missing

REPORTS = Path(".make/reports")
SUITES = (
    "test-fast",
    "test-pythons",
    "test-contract",
    "test-proofs",
    "test-faults",
    "test-integration",
    "test-authz",
    "test-hostile",
    "test-e2e",
    "test-e2e-distributed",
    "test-campaign",
    "test-browser",
    "test-web",
)


@dataclass
class Totals:
    passed: int = 0
    failed: list[str] = field(default_factory=list[str])
    skipped: Counter[str] = field(default_factory=Counter[str])

    def add(self, report: Path) -> None:
        """Count one JUnit file. A test that failed and whose teardown failed too is one failure."""
        for case in ElementTree.parse(report).iter("testcase"):
            name = f"{case.get('classname', '')}::{case.get('name', '')}"
            skip = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                self.failed.append(name)
            elif skip is not None:
                self.skipped[skip.get("message") or "no reason given"] += 1
            else:
                self.passed += 1


def main() -> int:
    os.chdir(ROOT)
    REPORTS.mkdir(parents=True, exist_ok=True)
    for old in REPORTS.iterdir():
        old.unlink()
    totals = Totals()
    began = time.monotonic()
    for suite in SUITES:
        _run(suite, totals)
    strict = os.environ.get("WAYMARK_ENGINES") == "required"
    _say(totals, time.monotonic() - began, strict)
    failed = len(totals.failed) + (totals.skipped.total() if strict else 0)
    (REPORTS / "totals").write_text(f"{totals.passed} {failed}\n")
    return 1 if failed else 0


def _run(suite: str, totals: Totals) -> None:
    print(f"\n=== make {suite}", flush=True)
    before = len(totals.failed)
    began = time.monotonic()
    code = subprocess.run(["make", "--no-print-directory", suite, f"REPORTS={REPORTS}"], check=False).returncode
    for report in sorted(REPORTS.glob(f"{suite}.xml")) + sorted(REPORTS.glob(f"{suite}-3*.xml")):
        totals.add(report)
    if code and len(totals.failed) == before:
        totals.failed.append(f"make {suite} (exit code {code}, before or beside its tests)")
    print(f"=== make {suite}: {'failed' if code else 'passed'} in {time.monotonic() - began:.0f} s", flush=True)


def _say(totals: Totals, seconds: float, strict: bool) -> None:
    print(f"\n{'=' * 80}")
    for name in totals.failed:
        print(f"failed: {name}")
    for reason, count in totals.skipped.most_common():
        print(f"skipped {count}: {reason}{' (a failure here: WAYMARK_ENGINES=required)' if strict else ''}")
    if absent := missing():
        print(f"not found: Python {', '.join(absent)}. The fast tests ran on the other supported versions; install these and they are used")
    print(f"{totals.passed} passed, {len(totals.failed)} failed, {totals.skipped.total()} skipped in {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
