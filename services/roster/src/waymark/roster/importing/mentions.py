"""What a file says of a thing by naming it, by marking it deleted, or by leaving it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from waymark.roster.package.findings import Finding, Report, Severity
from waymark.roster.package.manifest import Mode
from waymark.roster.package.reader import Package
from waymark.roster.package.rows import Row
from waymark.roster.package.tables import Table

Standing = Literal["present", "gone", "unsaid"]
Values = tuple[Any, ...]


class Mentions:
    """Which keys a file names. `kept` are those of refused rows: what is known of them stays as it is.

    `blind`: the file's silence means nothing.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        self.present: set[str] = set()
        self.deleted: set[str] = set()
        self.kept: set[str] = set()
        self.blind = False

    @property
    def tells_absence(self) -> bool:
        """Whether what the file leaves out is gone."""
        return self.mode == "bulk" and not self.blind

    def standing(self, key: str) -> Standing:
        if key in self.present:
            return "present"
        if key in self.deleted or (self.tells_absence and key not in self.kept):
            return "gone"
        return "unsaid"


class TableRows:
    """A file's rows that can be taken: read whole, not doubled, their status understood. `count` is of all rows."""

    def __init__(self, package: Package, table: Table, report: Report) -> None:
        self.blind = False
        """There was a row of which not even the key could be read: the file's silence means nothing."""
        self.table = table
        self.mode: Mode = package.manifest.modes[table.name]
        self.count = 0
        self._package, self._report = package, report

    def rows(self, refused: Callable[[Row], bool]) -> Iterator[tuple[int, bool, Values]]:
        """Row number, whether it stands (else it is marked deleted), and its values without the status.

        `refused` is told of every row that is not taken, and answers whether it could tell what the row was about.
        """
        # In a delta a thing may come as deleted and anew, so that only the same status twice is a double.
        seen: set[tuple[int, bool] | int] = set()
        for row in self._package.rows(self.table):
            self.count += 1
            fault = self._fault(row, seen)
            if fault:
                self.blind = not refused(row) or self.blind
            else:
                source, status, *rest = row.values
                yield row.number, status != "tobedeleted", (source, *rest)
        if self.blind and self.mode == "bulk":
            message = "Rows could not be read, so nothing is taken as gone because this file lacks it."
            self.tell(0, "", "absence-not-trusted", message, severity="note")

    def _fault(self, row: Row, seen: set[tuple[int, bool] | int]) -> bool:
        if not row.whole:
            return True
        source, status = row.values[:2]
        if self.mode == "delta" and not status:
            self.tell(
                row.number,
                "status",
                "status-missing",
                "A file of differences says for every row what became of it.",
                "active",
                "tobedeleted",
            )
            return True
        mark = hash(source) if self.mode == "bulk" else (hash(source), status == "active")
        if mark in seen:
            self.tell(row.number, "sourcedId", "sourced-id-doubled", "An earlier row of this file has the same sourcedId; it counts.")
            return True
        seen.add(mark)
        return False

    def tell(self, row: int, field: str, code: str, message: str, *allowed: str, severity: Severity = "refused") -> None:
        self._report(Finding(file=self.table.file, row=row, field=field, code=code, severity=severity, message=message, allowed=allowed))

    def dangling(self, row: int, field: str, severity: Severity = "refused") -> None:
        left = " It was left out." if severity == "repaired" else ""
        self.tell(row, field, "reference-unknown", f"There is nothing with this sourcedId.{left}", severity=severity)
