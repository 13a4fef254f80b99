"""What a reader has to say about a package: where, what, how bad, and what is allowed. Never a personal value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Literal

from msgspec import Struct

Severity = Literal["refused", "repaired", "note"]


class Finding(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`row` counts records with the header as 1, as a spreadsheet shows them; 0 is the file itself, `file` "" the package.

    refused: not taken; repaired: taken after a change; note: taken (or rightly left) as it is. `value` is quoted only from
    columns that say nothing about a person.
    """

    file: str
    row: int = 0
    field: str = ""
    code: str
    severity: Severity
    message: str
    allowed: tuple[str, ...] = ()
    value: str | None = None


Report = Callable[[Finding], None]


class PackageRefused(Exception):
    """Nothing of the package is taken. `finding` says why."""

    def __init__(self, code: str, message: str, *, file: str = "", row: int = 0, field: str = "", allowed: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.finding = Finding(file=file, row=row, field=field, code=code, severity="refused", message=message, allowed=tuple(allowed))

    @property
    def code(self) -> str:
        return self.finding.code


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that is most like `word`, whatever the case; None when none is like it."""
    known = {each.lower(): each for each in words}
    found = get_close_matches(word.lower()[:64], known, n=1, cutoff=0.7)
    return known[found[0]] if found else None
