"""Who may ask: educators, as far as an educator's role reaches; students and families once templates let them (P38)."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, cast

from flask import Flask, current_app, g
from msgspec import Struct
from msgspec.structs import replace

from waymark.reporting.names import Names
from waymark.reporting.reports import Asked, Reports
from waymark.service.context import scope, today
from waymark.service.scope import EDUCATORS, Scope

EXTENSION: Final = "waymark.reporting"


class FutureDay(Exception):
    """Nobody can tell yet how things stand on that day. `today` is the district's."""

    def __init__(self, today: date) -> None:
        super().__init__(today.isoformat())
        self.today = today


class _Installed(Struct, frozen=True):
    reports: Reports
    names: Names


def install(app: Flask, reports: Reports, names: Names) -> None:
    app.extensions[EXTENSION] = _Installed(reports, names)


def reports() -> Reports:
    return cast(_Installed, current_app.extensions[EXTENSION]).reports


def names() -> Names:
    return cast(_Installed, current_app.extensions[EXTENSION]).names


def educating() -> Scope:
    """The caller's scope as far as an educator's role reaches. Raises RoleMayNot."""
    if "educating" not in g:
        whole = scope()
        whole.require(*EDUCATORS)
        g.educating = replace(whole, grants=tuple(each for each in whole.grants if each.role in EDUCATORS))
    return cast(Scope, g.educating)


def asked(query: dict[str, Any]) -> Asked:
    """The filter of a query. Raises FutureDay."""
    day: date | None = query.get("as_of")
    if day is not None and day > today():
        raise FutureDay(today())
    groups = {name: frozenset(query.get(name, ())) for name in ("school", "grade", "section", "home_language")}
    return Asked(**groups, as_of=day)
