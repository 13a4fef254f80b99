"""One cell: what a column holds, how its text is read, and what is allowed in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

MOST = 255  # characters of a cell
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")
_DATE_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ][0-9:.]+(Z|[+-]\d{2}:?\d{2})?")
_TRUE, _FALSE = ("true", "1", "yes", "y", "t"), ("false", "0", "no", "n", "f")
_GRADES = ("IT", "PR", "PK", "TK", "KG", *(f"{each:02}" for each in range(1, 14)), "PS", "UG", "AE", "Other")
_GRADE_WORDS = {"k": "KG", "kindergarten": "KG", "pre-k": "PK", "prek": "PK", "p": "PK", "pk3": "PK", "pk4": "PK"}


class BadValue(Exception):
    """A cell's text is not what its column holds."""

    def __init__(self, code: str, message: str, allowed: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.code, self.message, self.allowed = code, message, tuple(allowed)


class Repaired(Exception):
    """A cell's text was understood although it is written otherwise than it should be."""

    def __init__(self, value: object, code: str, message: str, allowed: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.value, self.code, self.message, self.allowed = value, code, message, tuple(allowed)


Read = Callable[[str], Any]
"""From a cell's text (trimmed, not empty) to its value. Raises BadValue, Repaired."""


class Column(Struct, frozen=True, kw_only=True):
    """A column that is read.

    `blank` is the value of an empty cell; `needed` refuses a row without it. A `lenient` column's bad value is left out and the
    row stays.
    """

    name: str
    read: Read
    blank: object = None
    needed: bool = False
    lenient: bool = False


def text(cell: str) -> str:
    """One line of text in composed Unicode (NFC)."""
    if "\n" in cell or "\r" in cell or "\t" in cell:
        cell = " ".join(cell.split())
    return cell if cell.isascii() else unicodedata.normalize("NFC", cell)


def reference(cell: str) -> str:
    """A sourcedId, as it stands."""
    return cell


def references(cell: str) -> tuple[str, ...]:
    """Sourced ids separated by commas, each once."""
    return tuple(dict.fromkeys(part for each in cell.split(",") if (part := each.strip())))


def day(cell: str) -> date:
    """A date, YYYY-MM-DD."""
    try:
        if len(cell) == 10:
            return date.fromisoformat(cell)
    except ValueError:
        pass
    if match := _DATE_TIME.fullmatch(cell):
        try:
            raise Repaired(date.fromisoformat(match[1]), "date-time", "Only the day of this date and time counts.", ["YYYY-MM-DD"])
        except ValueError:
            pass
    raise BadValue("date-invalid", "This is not a date.", ["YYYY-MM-DD"])


def truth(cell: str) -> bool:
    """true or false."""
    small = cell.lower()
    if small in ("true", "false"):
        return small == "true"
    if small in _TRUE or small in _FALSE:
        raise Repaired(small in _TRUE, "boolean-spelling", "Read as true or false.", ["true", "false"])
    raise BadValue("boolean-invalid", "This is neither true nor false.", ["true", "false"])


def one_of(*words: str, also: Mapping[str, str] | None = None) -> Read:
    """One of a few words; another case is repaired, and so are the spellings in `also` (in small letters)."""
    exact, small = frozenset(words), {each.lower(): each for each in words} | dict(also or {})

    def read(cell: str) -> str:
        if cell in exact:
            return cell
        if (meant := small.get(cell.lower())) is not None:
            raise Repaired(meant, "spelling", f"Read as {meant}.", words)
        raise BadValue("not-allowed", "This value is not one of those allowed.", words)

    return read


def grade(cell: str) -> str:
    """The first of a student's grades as a CEDS code (KG, 01 ... 12)."""
    first = cell.partition(",")[0].strip()
    if first in _GRADES:
        return first
    small = first.lower()
    if small.isascii() and small.isdigit() and 0 <= int(small[:4]) <= 13:
        raise Repaired("KG" if int(small) == 0 else f"{int(small):02}", "grade-spelling", "Read as the CEDS code of this grade.", _GRADES)
    meant = _GRADE_WORDS.get(small) or next((each for each in _GRADES if each.lower() == small), None)
    if meant:
        raise Repaired(meant, "grade-spelling", "Read as the CEDS code of this grade.", _GRADES)
    raise BadValue("grade-unknown", "This is no CEDS grade.", _GRADES)


def language(cell: str) -> str:
    """A language, BCP 47."""
    if not _LANGUAGE.fullmatch(cell):
        raise BadValue("language-invalid", "This is no language tag.", ["BCP 47, such as en, es, zh-Hant"])
    head, *rest = cell.split("-")
    written = {2: str.upper, 4: str.title}
    return "-".join([head.lower(), *(written.get(len(each), str.lower)(each) for each in rest)])
