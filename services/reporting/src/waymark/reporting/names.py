"""Names of many students at once, opened and kept for as long as they may be: a minute, and until the roster says anything."""

from __future__ import annotations

import threading
import time
import unicodedata
from collections.abc import Collection, Mapping

from waymark.events.keys import OPENED_SECONDS
from waymark.events.views import Views, stamp
from waymark.service.directory import Directory, Name
from waymark.service.directory_folds import people
from waymark.service.scope import Scope


class Names:
    """Opened names of students, by district. For all threads."""

    def __init__(self, views: Views, directory: Directory) -> None:
        self._views, self._directory = views, directory
        self._kept: dict[str, tuple[object, float, dict[str, Name]]] = {}
        self._lock = threading.Lock()

    def of(self, scope: Scope, students: Collection[str]) -> Mapping[str, Name]:
        """The names of these students, all of whom the caller reaches."""
        known = self._fresh(scope.district)
        missing = [each for each in students if each not in known]
        if missing:
            known.update(self._directory.names(scope, missing))
        return {each: known[each] for each in students}

    def _fresh(self, district: str) -> dict[str, Name]:
        now = stamp(self._views, people.view, people.source)
        with self._lock:
            kept = self._kept.get(district)
            if kept is None or kept[0] != now or time.monotonic() - kept[1] > OPENED_SECONDS:
                kept = self._kept[district] = (now, time.monotonic(), {})
            return kept[2]


def by_family_name(names: Mapping[str, Name], student: str) -> tuple[bool, str, str]:
    """Where a student stands in a list (P20): by family name without case and accents, the redacted last, then by id."""
    order = names[student].sort
    return order is None, _plain(order or ""), student


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(each for each in decomposed if not unicodedata.combining(each)).casefold()
