"""A template's students, kept in memory and brought up to date by what is newer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from waymark.events.views import System, Views, pinned
from waymark.plans.rows import Row
from waymark.plans.views import StudentRows, student_rows

MOST_ROWS: Final = 400_000  # of all templates together; about 250 bytes each


class KeptRows:
    """The rows of many templates; those asked for longest ago go first when there are too many. For all threads."""

    def __init__(self, views: Views, most: int = MOST_ROWS) -> None:
        self._views, self._most = views, most
        self._templates: OrderedDict[tuple[str, str], _Template] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, district: str, template: str) -> Mapping[str, Row]:
        """Each student's row, as far as the view has folded. The mapping is not changed afterwards."""
        with self._lock:
            kept = self._templates.setdefault((district, template), _Template(district, template))
            self._templates.move_to_end((district, template))
            while len(self._templates) > 1 and sum(len(each.rows) for each in self._templates.values()) > self._most:
                self._templates.popitem(last=False)
        return kept.refreshed(self._views)


class _Template:
    def __init__(self, district: str, template: str) -> None:
        self._system, self._template = System(district), template
        self._view: object = None
        self._asked: dict[int, int] = {}
        self._documents: dict[str, StudentRows] = {}
        self._lock = threading.Lock()
        self.rows: Mapping[str, Row] = {}

    def refreshed(self, views: Views) -> Mapping[str, Row]:
        with self._lock:
            view, which = pinned(views, student_rows.view)
            asked = self._asked if which == self._view else {}
            # The checkpoints first, then what is newer than those read the time before: a batch is saved in no order.
            reached = {part: each.sequence for part, each in views.checkpoints(view, student_rows.source).items()}
            changed: dict[str, StudentRows | None] = {}
            for part, sequence in reached.items():
                if sequence != asked.get(part, -1):
                    changed |= views.newer(self._system, view, {"template": self._template, "part": part}, part, asked.get(part, -1))
            if which != self._view:  # documents of another view, or changed behind their marks: none counts any more
                self._documents, self.rows = {}, {}
            if changed:
                self._take(changed)
            self._view, self._asked = which, {**asked, **reached}
            return self.rows

    def _take(self, changed: Mapping[str, StudentRows | None]) -> None:
        rows = dict(self.rows)
        for key, document in changed.items():
            before = self._documents.pop(key, None)
            for student in before.rows if before else ():
                del rows[student]
            if document is not None:
                self._documents[key] = document
                rows |= document.rows
        self.rows = rows
