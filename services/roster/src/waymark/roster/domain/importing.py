"""An import of one package: from its arrival to its end, and when it must stop for a person's word."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from waymark.events.catalogue.roster import ImportApproved, ImportCompleted, ImportHeld, ImportReceived, ImportRefused
from waymark.events.envelope import Event


class Import(Struct, frozen=True, kw_only=True):
    """`status`: received, held, approved, completed or refused (`code` says why)."""

    status: str
    package: str
    size: int
    by: str = ""
    dry_run: bool = False
    leaving: int = 0
    students: int = 0
    rows: dict[str, int] = field(default_factory=dict[str, int])
    recorded: dict[str, int] = field(default_factory=dict[str, int])
    refused: int = 0
    repaired: int = 0
    code: str = ""


class NotHeld(Exception):
    """Only a held import can be approved."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


def evolve(known: Import | None, event: Event) -> Import | None:
    match event:
        case ImportReceived():
            return Import(status="received", package=event.package, size=event.size, by=event.by, dry_run=event.dry_run)
        case ImportHeld() if known:
            return replace(known, status="held", leaving=event.leaving, students=event.students)
        case ImportApproved() if known:
            return replace(known, status="approved")
        case ImportCompleted() if known:
            return replace(
                known,
                status="completed",
                rows=event.rows,
                recorded=event.recorded,
                refused=event.refused,
                repaired=event.repaired,
            )
        case ImportRefused() if known:
            return replace(known, status="refused", code=event.code)
        case _:
            return known


def receive(known: Import | None, package: str, size: int, by: str, *, dry_run: bool) -> list[Event]:
    """A package arrived. The same package again says nothing new."""
    return [] if known else [ImportReceived(package=package, size=size, by=by, dry_run=dry_run)]


def must_hold(known: Import | None, leaving: int, students: int, share: float) -> bool:
    """Whether so many students would leave that a person has to say so: more than `share` of them, and nobody approved it yet."""
    return leaving > share * students and not (known and known.status == "approved")


def hold(known: Import | None, leaving: int, students: int) -> list[Event]:
    """Stop before anything is changed. Held again with the same numbers: nothing new."""
    if known and (known.status, known.leaving, known.students) == ("held", leaving, students):
        return []
    return [ImportHeld(leaving=leaving, students=students)]


def approve(known: Import | None, by: str) -> list[Event]:
    """Let a held import go on. Raises NotHeld."""
    if known and known.status == "approved":
        return []
    if not known or known.status != "held":
        raise NotHeld(known.status if known else "unknown")
    return [ImportApproved(by=by)]


def complete(known: Import | None, rows: Mapping[str, int], recorded: Mapping[str, int], refused: int, repaired: int) -> list[Event]:
    """Everything is in. A package that had been completed before and changed nothing says nothing new."""
    if known and known.status == "completed" and not recorded:
        return []
    return [ImportCompleted(rows=dict(rows), recorded=dict(recorded), refused=refused, repaired=repaired)]


def refuse(known: Import | None, code: str) -> list[Event]:
    """Nothing of the package is taken."""
    if known and (known.status, known.code) == ("refused", code):
        return []
    return [ImportRefused(code=code)]
