"""Records folded by the real projector into real views, and asked through the counting that the API uses."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from tests.unit.reporting.topic import batches
from waymark.events.envelope import Recorded
from waymark.events.project import Projector
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.views import SqliteViews
from waymark.reporting.counting import current, past
from waymark.reporting.counting.chunk import Chunk
from waymark.reporting.counting.selection import Filter
from waymark.reporting.kept import Kept
from waymark.reporting.views import OF_PLANS, past_rows, sheets

MUCH = 10**9


class Folding:
    """The views of reporting in one file. Districts and positions are never used twice, so that many histories may share it."""

    def __init__(self, folder: Path) -> None:
        self.views = SqliteViews(Database(folder / "views.db", "NORMAL", ("synchronous=OFF",)), "reporting")
        projections: tuple[Any, ...] = OF_PLANS
        self._projectors = [Projector(each, self.views) for each in projections]
        self.current = Kept(self.views, sheets, current.join, MUCH)
        self.past = Kept(self.views, past_rows, past.join, MUCH)
        self.position = self.count = 0

    def next_district(self) -> str:
        self.count += 1
        return f"d{self.count}"

    def fold(self, records: Sequence[Recorded], random: Random) -> Iterable[None]:
        """Fold all records; stops after each batch, so that a reader may look in between."""
        for batch in batches(records, random):
            for projector in self._projectors:
                projector.apply(batch)
            yield
        self.position = max([self.position, *(each.position for each in records)])

    def now(self, district: str, template: str = "t1") -> dict[int, Chunk]:
        return {part: each.chunk for part, each in self.current.of(district, template=template).items()}

    def on(self, district: str, day: date, wanted: Filter) -> dict[int, Chunk]:
        """As the API asks: what a filter leaves out need not be there."""
        students = min(wanted.groups, key=len, default=None)
        kept = self.past.of(district, template="t1").items()
        return {part: past.on(each, day, wanted.schools, students) for part, each in kept}
