"""What readers are shown of an import: what its stream says for ever, and what its ledger says of the latest run."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from waymark.roster.staging.ledger import About, Progress
from waymark.roster.views import ImportListed

Status = Literal["received", "reading", "checking", "held", "applying", "completed", "refused"]
STATUSES: tuple[Status, ...] = ("received", "reading", "checking", "held", "applying", "completed", "refused")
_NAMED: dict[str, Status] = {each: each for each in STATUSES}
_RUNNING = ("reading", "checking", "applying")


class Shown(Struct, frozen=True, kw_only=True):
    """`version` is the stream's (0: a dry run has none). `code` says why it was refused, or why it stopped half-way: then it is
    `received` again, and the same package rolls it forward."""

    id: str
    version: int
    status: Status
    code: str
    by: str
    at: datetime
    dry_run: bool
    size: int
    progress: Progress


def shown(listed: ImportListed | None, ledger: tuple[About, Progress] | None, active: bool) -> Shown | None:
    """`active`: it runs or waits to run. None when neither stream nor ledger knows the import."""
    if ledger is None:
        return None if listed is None else _recorded(listed)
    about, progress = ledger
    status, code = _status(listed, progress, active)
    return Shown(
        id=about.id,
        version=listed.version if listed else 0,
        status=status,
        code=code,
        by=listed.state.by if listed else about.by,
        at=listed.at if listed else datetime.fromisoformat(about.at),
        dry_run=about.dry_run,
        size=about.size,
        progress=progress,
    )


def _status(listed: ImportListed | None, progress: Progress, active: bool) -> tuple[Status, str]:
    status = _NAMED.get(progress.status)
    if status is None or (status in _RUNNING and not active):
        return "received", progress.code or "stopped"
    if status == "held" and listed and listed.state.status == "approved":
        return "received", ""  # approved, and the run that this lets go on has not begun
    return status, progress.code


def _recorded(listed: ImportListed) -> Shown:
    state = listed.state
    progress = Progress(
        status=state.status,
        rows=state.rows,
        recorded=state.recorded,
        refused=state.refused,
        repaired=state.repaired,
        leaving=state.leaving,
        students=state.students,
    )
    return Shown(
        id=listed.id,
        version=listed.version,
        status=_NAMED.get(state.status, "received"),
        code=state.code,
        by=state.by,
        at=listed.at,
        dry_run=False,
        size=state.size,
        progress=progress,
    )
