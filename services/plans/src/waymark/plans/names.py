"""Names of many students at once, opened and kept for as long as they may be: a minute, and until the roster says anything."""

from __future__ import annotations

import re
import threading
import time
import unicodedata
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

from msgspec import Struct

from waymark.events.catalogue.types import Sealed
from waymark.events.keys import OPENED_SECONDS, Keyring
from waymark.events.views import Views, stamp
from waymark.plans.views import names_id, sealed_names
from waymark.service.scope import Scope

LAST: Final = "\U0010ffff"
"""Sorts those whose names are redacted behind all others."""


class Name(Struct, frozen=True, gc=False):  # many of them, and none can hold a circle
    """A name as lists need it: to show, and (family name first, without case and accents) to sort by and search in. Null: redacted."""

    display: str | None
    family: str | None
    order: str


_MARKS: Final = re.compile("[\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670]+")  # accents, and the vowel signs of Hebrew and Arabic
REDACTED: Final = Name(None, None, LAST)


class OpenNames:
    """The names of one district that were opened since the roster last said anything, and the order that they give."""

    def __init__(self, stamp: object) -> None:
        self.stamp, self.since = stamp, time.monotonic()
        self._names: dict[str, Name] = {}
        self._ranks: dict[str, int] = {}

    def __getitem__(self, student: str) -> Name:
        return self._names.get(student, REDACTED)

    def missing(self, students: Iterable[str]) -> list[str]:
        return [each for each in students if each not in self._names]

    def add(self, names: dict[str, Name]) -> None:
        self._names = self._names | names

    def order_of(self, count: int) -> Callable[[str], Any]:
        """What sorts students by name; asked for many, all are ranked once, and numbers are compared from then on."""
        if count < len(self._names) // 20:
            return lambda student: (self[student].order, student)
        names, ranks = self._names, self._ranks
        if len(ranks) != len(names):
            ordered = sorted(names, key=lambda student: (names[student].order, student))
            ranks = self._ranks = {student: rank for rank, student in enumerate(ordered)}
        return ranks.__getitem__


class Names:
    """Opens and keeps names, district by district. For all threads."""

    def __init__(self, views: Views, keyring: Keyring) -> None:
        self._views, self._keyring = views, keyring
        self._kept: dict[str, OpenNames] = {}
        self._lock = threading.Lock()

    def of(self, scope: Scope, students: Collection[str]) -> OpenNames:
        """The names of these students, all of whom the scope reaches. (What it holds of others is for no answer.)"""
        with self._lock:
            kept = self._fresh(scope.district)
        if missing := kept.missing(students):
            opened = dict.fromkeys(missing, REDACTED) | self._opened(scope, missing)  # outside the lock: others need not wait for it
            with self._lock:
                kept.add(opened)
        return kept

    def _fresh(self, district: str) -> OpenNames:
        now = stamp(self._views, sealed_names.view, sealed_names.source)
        kept = self._kept.get(district)
        if kept is None or kept.stamp != now or time.monotonic() - kept.since > OPENED_SECONDS:
            kept = self._kept[district] = OpenNames(now)
        return kept

    def _opened(self, scope: Scope, students: Collection[str]) -> dict[str, Name]:
        wanted = {each: names_id(scope.district, each) for each in students}
        documents = self._views.get(scope, sealed_names.view, set(wanted.values()))
        known = {each: documents[key].names[each] for each, key in wanted.items() if key in documents and each in documents[key].names}
        texts: list[tuple[Sealed, str]] = []
        for name in known.values():
            texts += ((name.family, "family"), (name.given, "given") if name.preferred is None else (name.preferred, "preferred"))
        opened = iter(self._keyring.open_many(texts))
        return {student: _name(family, called) for student, family, called in zip(known, opened, opened, strict=True)}


def _name(family: str | None, called: str | None) -> Name:
    if not family and not called:
        return REDACTED
    shown = f"{called} {family}" if called and family else called or family or ""
    order = f"{family}, {called}" if called and family else family or called or ""
    return Name(shown, family, folded(order))


def folded(text: str) -> str:
    """Text without case and accents: what a person who types quickly means."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
