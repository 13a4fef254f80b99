"""The verbs beyond those of every service: import a package without a token, forget a person, rotate the keyring's keys."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from waymark.events.catalogue.operations import DISTRICT as OPERATORS
from waymark.events.catalogue.operations import KeysRotated
from waymark.events.decide import Aggregate, Decided, Decision, decide
from waymark.events.envelope import Meta
from waymark.events.store import Unavailable
from waymark.events.wrapping import MasterWrong, master_key
from waymark.roster.api.schemas import REASONS
from waymark.roster.app import surroundings
from waymark.roster.domain.person import Person, PersonUnknown
from waymark.roster.forgetting import PERSON, forget
from waymark.roster.importing.lock import ImportRunning
from waymark.roster.importing.run import Asked, run
from waymark.roster.importing.spool import Spool
from waymark.roster.package.findings import Finding
from waymark.roster.settings import Settings
from waymark.roster.staging.ledger import Progress, all_findings
from waymark.service.identity import DISTRICT
from waymark.service.operate.desk import ask_common
from waymark.service.ports import Ports

SHOWN = 50  # findings that are printed


def import_package(ports: Ports, settings: Settings, arguments: Sequence[str]) -> int:
    """0: completed; 1: refused or held; 2: it could not be run."""
    parser = argparse.ArgumentParser(prog="python -m waymark.roster import", description="Import a OneRoster CSV package.")
    parser.add_argument("package", type=Path, help="the zip file")
    parser.add_argument("--district", default=settings.district, help="the district's id; default WAYMARK_DISTRICT")
    parser.add_argument("--dry-run", action="store_true", help="report everything and record nothing")
    parser.add_argument("--approve", action="store_true", help="let it go on even if very many students would leave")
    asked = parser.parse_args(arguments)
    if not DISTRICT.fullmatch(asked.district):
        parser.error("--district takes a district's id: small letters, digits, - and _")
    around = surroundings(ports, settings)
    try:
        with asked.package.open("rb") as package:
            wanted = Asked(district=asked.district, dry_run=asked.dry_run, approved=asked.approve)
            ident, progress = run(around, package, wanted, Printer())
    except OSError as problem:
        parser.error(f"{asked.package}: {problem.strerror or problem}")
    except ImportRunning:
        return _failed("Another import of this district is running.")
    except Unavailable as problem:
        return _failed(f"It stopped half-way: {problem}. Run it again to go on.")
    _report(ident, progress, list(all_findings(around.ledger(asked.district, ident))))
    return 0 if progress.status == "completed" else 1


def forget_person(ports: Ports, settings: Settings, arguments: Sequence[str]) -> int:
    """0: forgotten; 1: the roster never knew such a person."""
    parser = argparse.ArgumentParser(prog="python -m waymark.roster forget", description="Make everything that names a person unreadable.")
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--person", help="the person's id")
    who.add_argument("--sourced-id", help="the person's sourcedId in the roster")
    parser.add_argument("--district", default=settings.district, help="the district's id; default WAYMARK_DISTRICT")
    parser.add_argument("--reason", required=True, choices=REASONS)
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    asked = parser.parse_args(arguments)
    if not DISTRICT.fullmatch(asked.district):
        parser.error("--district takes a district's id: small letters, digits, - and _")
    store = ports.store
    assert store is not None
    person = asked.person or ports.keyring.person_id(asked.district, asked.sourced_id)

    def append(stream: str, decision: Decision[Person]) -> Decided[Person]:
        return decide(store, stream, PERSON, decision, str(uuid.uuid4()), Meta())

    try:
        spool = Spool(settings.imports_folder, ports.keyring)
        forget(store, ports.keyring, spool, asked.district, person, "", asked.reason, append)
    except PersonUnknown:
        return _refused("The roster never knew such a person.")
    sys.stdout.write(json.dumps({"person": person, "forgotten": True}) + "\n" if asked.json else f"{person} is forgotten.\n")
    return 0


def rotate_keys(ports: Ports, settings: Settings, arguments: Sequence[str]) -> int:
    """0: rotated; 1: the keyring does not answer, or was wrapped under another master key."""
    parser = argparse.ArgumentParser(
        prog="python -m waymark.roster rotate-keys",
        description="Wrap everybody's key under this month's and destroy the keys of months that are over: what remains of forgotten "
        "people's keys in logs and backups becomes unreadable. To be run once a month.",
    )
    parser.add_argument(
        "--new-master",
        type=Path,
        metavar="FILE",
        help="first wrap the months' keys under the master key in FILE (made if there is none). Stop every service before; start them "
        "with WAYMARK_MASTER_KEY_FILE=FILE after, and destroy the old file",
    )
    ask_common(parser, act=True)
    asked = parser.parse_args(arguments)
    keys = ports.keyring.keys
    try:
        anew = None if asked.new_master is None else keys.rewrap(master_key(asked.new_master, create=True))
        rotated = keys.rotate(_unwatched if asked.json else _Tenths())
    except (OSError, ValueError) as problem:
        parser.error(f"{asked.new_master}: {problem}")
    except MasterWrong as wrong:
        return _refused(f"{wrong}.")
    except Unavailable as problem:
        return _refused(f"It stopped half-way: {problem}. No key is lost; run it again to go on.")
    if rotated.rewrapped or rotated.destroyed or anew:
        _record(
            ports,
            KeysRotated(by=asked.by, reason=asked.reason, rewrapped=rotated.rewrapped, destroyed=rotated.destroyed, new_master=bool(anew)),
        )
    if asked.json:
        sys.stdout.write(json.dumps(msgspec.to_builtins(rotated) | ({} if anew is None else {"under_new_master": anew})) + "\n")
        return 0
    if anew is not None:
        sys.stdout.write(f"{anew:,} keys of months and districts are under the new master key.\n")
    sys.stdout.write(f"{rotated.rewrapped:,} people's keys were wrapped under the key of {rotated.month}.\n")
    sys.stdout.write(f"destroyed: {', '.join(rotated.destroyed) or 'no month'}; kept: {', '.join(rotated.kept) or 'no earlier month'}\n")
    return 0


def _record(ports: Ports, event: KeysRotated) -> None:
    """On the service's own store, as every act of an operator. (A rotation that had nothing to do is none.)"""
    assert ports.store is not None
    decide(ports.store, f"{OPERATORS}/operation/keys", _OPERATIONS, lambda _known: [event], str(uuid.uuid4()), Meta())


_OPERATIONS: Final[Aggregate[None]] = Aggregate(evolve=lambda _known, _event: None)


def _unwatched(_done: int, _of: int) -> None:
    pass


class _Tenths:
    """Says how far a rotation is, a line for every tenth."""

    def __init__(self) -> None:
        self._last = -1

    def __call__(self, done: int, of: int) -> None:
        if (tenth := 10 * done // of) > self._last:
            self._last = tenth
            sys.stdout.write(f"wrapped {done:,} of {of:,} people's keys\n")
            sys.stdout.flush()


class Printer:
    """Says how far an import is, a line for every tenth of a step."""

    def __init__(self) -> None:
        self._last = ("", -1)

    def __call__(self, progress: Progress) -> None:
        tenth = 10 * progress.done // progress.total if progress.total else 0
        step = (progress.status, tenth)
        if step == self._last or progress.status not in ("reading", "checking", "applying"):
            return
        self._last = step
        of = f" {progress.done:,} of {progress.total:,} {progress.unit}" if progress.total else ""
        sys.stdout.write(f"{progress.status}{of}\n")
        sys.stdout.flush()


def _report(ident: str, progress: Progress, findings: Sequence[Finding]) -> None:
    write = sys.stdout.write
    for each in findings[:SHOWN]:
        write(f"  {_line(each)}\n")
    if len(findings) > SHOWN:
        write(f"  ... and {len(findings) - SHOWN:,} more findings\n")
    rows = ", ".join(f"{name} {count:,}" for name, count in progress.rows.items())
    recorded = ", ".join(f"{name.split('.')[1]} {count:,}" for name, count in progress.recorded.items()) or "nothing"
    write(f"import {ident}: {progress.status}{f' ({progress.code})' if progress.code else ''}\n")
    write(f"  rows: {rows or 'none'}\n  recorded: {recorded}\n  refused: {progress.refused:,}, repaired: {progress.repaired:,}\n")
    if progress.status == "held":
        write(f"  {progress.leaving:,} of {progress.students:,} students would leave. Look at the package; --approve lets it go on.\n")


def _line(finding: Finding) -> str:
    place = ":".join(str(each) for each in (finding.file or "package", finding.row, finding.field) if each)
    told = f" (allowed: {', '.join(finding.allowed[:8])})" if finding.allowed else ""
    return f"{finding.severity}: {place}: {finding.message}{told} [{finding.code}]"


def _refused(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return 1


def _failed(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return 2
