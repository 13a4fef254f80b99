"""Names of many students at once, opened and kept for as long as they may be: a minute, and until the roster says anything."""

from __future__ import annotations

import threading
import time
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final

from msgspec import Struct

from waymark.events.keys import CACHE_SECONDS
from waymark.events.views import Views
from waymark.service.directory import Directory
from waymark.service.directory_folds import people
from waymark.service.scope import Scope

NOT_READABLE: Final = "\U0010ffff"
"""Sorts those whose names are redacted behind all others."""


class SortedName(Struct, frozen=True):
    """A name as lists need it: to show, to sort by (family name first), to search in. Null parts: redacted."""

    display: str | None
    family: str | None
    order: str
    searched: str


class Names:
    """Opened names of a district's students. For all threads."""

    def __init__(self, views: Views, directory: Directory) -> None:
        self._views, self._directory = views, directory
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def of(self, scope: Scope, students: Collection[str]) -> Mapping[str, SortedName]:
        """The names of these students (all within the scope), and perhaps of others."""
        with self._lock:
            kept = self._fresh(scope.district)
        missing = [each for each in students if each not in kept.names]
        if missing:
            opened = self._directory.names(scope, missing)
            kept.names |= {each: _sorted_name(name.display, name.family, name.sort) for each, name in opened.items()}
        return kept.names

    def _fresh(self, district: str) -> _Kept:
        stamp = sorted((part, each.sequence) for part, each in self._views.reached(people.view, people.source).items())
        kept = self._kept.get(district)
        if kept is None or kept.stamp != stamp or time.monotonic() - kept.since > CACHE_SECONDS:
            kept = self._kept[district] = _Kept(stamp=stamp, since=time.monotonic(), names={})
        return kept


class _Kept(Struct, kw_only=True):
    stamp: object
    since: float
    names: dict[str, SortedName]


def _sorted_name(display: str | None, family: str | None, order: str | None) -> SortedName:
    return SortedName(display, family, folded(order) if order else NOT_READABLE, folded(display or ""))


def folded(text: str) -> str:
    """Text without case and accents: what a person who types quickly means."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(each for each in decomposed if not unicodedata.combining(each)).casefold()
