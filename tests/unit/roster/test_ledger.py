"""The ledger of an import: read while it is written, and what readers are shown of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from waymark.roster.domain.importing import Import
from waymark.roster.importing.status import shown
from waymark.roster.package.findings import Finding
from waymark.roster.staging.ledger import About, Ledger, Progress, all_findings, read_findings, read_ledger
from waymark.roster.views import ImportListed

ABOUT = About(id="i1", package="digest", size=3, by="", dry_run=False, at="2026-09-01T08:00:00+00:00")


def listed(status: str) -> ImportListed:
    return ImportListed(id="i1", version=3, at=datetime(2026, 9, 1, tzinfo=UTC), state=Import(status=status, package="digest", size=3))


def test_a_file_that_is_only_just_made_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.ledger"
    assert (read_ledger(path), read_findings(path, {}, 0, 10)) == (None, [])
    path.touch()
    assert (read_ledger(path), read_findings(path, {}, 0, 10)) == (None, [])


def test_findings_are_readable_with_the_progress_that_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "x.ledger"
    ledger = Ledger(path, ABOUT)
    ledger.report(Finding(file="users.csv", row=2, code="x", severity="refused", message="m"))
    ledger.say(Progress(status="reading", refused=ledger.counts["refused"]))
    found = read_ledger(path)
    assert found
    assert (found[0], found[1].refused, len(list(all_findings(path)))) == (ABOUT, 1, 1)
    ledger.close()
    Ledger(path, ABOUT).close()
    assert list(all_findings(path)) == [], "a new run begins its report anew"


@pytest.mark.parametrize(
    "status, stream, active, expected",
    [
        ("reading", "received", True, ("reading", "")),
        ("applying", "received", False, ("received", "stopped")),
        ("held", "held", False, ("held", "")),
        ("held", "approved", True, ("received", "")),
        ("completed", "completed", False, ("completed", "")),
        ("received", "completed", True, ("received", "")),
    ],
)
def test_what_is_shown_comes_from_the_latest_run(status: str, stream: str, active: bool, expected: tuple[str, str]) -> None:
    found = shown(listed(stream), (ABOUT, Progress(status=status)), active)
    assert found
    assert (found.status, found.code) == expected


def test_why_it_stopped_half_way_is_said_and_it_waits_to_be_sent_again() -> None:
    found = shown(listed("received"), (ABOUT, Progress(status="stopped", code="store-unavailable")), active=False)
    assert found
    assert (found.status, found.code) == ("received", "store-unavailable")


def test_without_a_ledger_the_stream_alone_tells() -> None:
    statuses = {each: shown(listed(each), None, active=False) for each in ("received", "held", "approved", "completed", "refused")}
    assert {each: found.status for each, found in statuses.items() if found} == {
        "received": "received",
        "held": "held",
        "approved": "received",
        "completed": "completed",
        "refused": "refused",
    }
    assert shown(None, None, active=False) is None
