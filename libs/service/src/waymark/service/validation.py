"""marshmallow's words as stable codes: each fault with its place, its code, and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import marshmallow as ma
from marshmallow import validate

from waymark.service.body import escaped, printable
from waymark.service.problems import Fault

Place = Callable[[tuple[str, ...]], str]


class Invalid(ma.ValidationError):
    """What a validator of ours raises: a stable code, words for people, and what is allowed."""

    def __init__(self, code: str, message: str, allowed: Any = None, field_name: str = "_schema") -> None:
        super().__init__([Coded(message, code, allowed)], field_name)  # type: ignore[arg-type]  marshmallow keeps what it is given


class Whole(validate.Regexp):
    """A pattern that the whole text must fit. (marshmallow's own looks at the beginning only, and `$` lets a newline follow.)"""

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ma.ValidationError(self._format_error(value))
        return value


class Coded(str):
    """A message that knows its code."""

    __slots__ = ("allowed", "code")

    def __new__(cls, message: str, code: str, allowed: Any = None) -> Coded:
        made = super().__new__(cls, message)
        made.code, made.allowed = code, allowed
        return made

    code: str
    allowed: Any


def _number(text: str) -> float | int | str:
    try:
        return int(text)
    except ValueError:
        pass  # then it may be a fraction, or a date: what the range was declared with
    try:
        return float(text)
    except ValueError:
        return text


def _at_least(found: re.Match[str]) -> Any:
    return {"minimum": _number(found[1])}


def _at_most(found: re.Match[str]) -> Any:
    return {"maximum": _number(found[1])}


def _between(found: re.Match[str]) -> Any:
    return {"minimum": _number(found[1]), "maximum": _number(found[2])}


def _choices(found: re.Match[str]) -> Any:
    return found[1].split(", ")


def _nothing(_: re.Match[str]) -> Any:
    return None


# marshmallow's messages, as pinned; a test walks every field and validator it has, so that a new wording is noticed.
_CODES: Final[tuple[tuple[str, str, Callable[[re.Match[str]], Any]], ...]] = (
    (r"Missing data for required field\.", "required", _nothing),
    (r"Unknown field\.", "unknown-field", _nothing),
    (r"Field may not be null\.", "not-null", _nothing),
    (r"(?:Must be one of|Not one of): (.*)\.", "not-allowed", _choices),
    (r"One or more of the choices you made was not in: (.*)\.", "not-allowed", _choices),
    (r"One or more of the choices you made was in: .*\.", "not-allowed", _nothing),
    (r"Invalid (?:choice|input|value)\.", "not-allowed", _nothing),
    (r"Shorter than minimum length (\d+)\.", "too-short", _at_least),
    (r"Longer than maximum length (\d+)\.", "too-long", _at_most),
    (r"Length must be between (\d+) and (\d+)\.", "wrong-length", _between),
    (r"Length must be (\d+)\.", "wrong-length", lambda found: {"minimum": int(found[1]), "maximum": int(found[1])}),
    (
        r"Must be greater than (?:or equal to )?(\S+) and less than (?:or equal to )?(\S+)\.",
        "out-of-range",
        _between,
    ),
    (r"Must be greater than (?:or equal to )?(\S+)\.", "too-small", _at_least),
    (r"Must be less than (?:or equal to )?(\S+)\.", "too-large", _at_most),
    (r"Must be equal to (.*)\.", "not-allowed", lambda found: [found[1]]),
    (r"String does not match expected pattern\.", "wrong-format", _nothing),
    (r"Not a valid string\.", "not-a-text", _nothing),
    (r"Not a valid utf-8 string\.", "not-a-text", _nothing),
    (r"Not a valid (?:number|integer)\.", "not-a-number", _nothing),
    (r"Number too large\.", "number-too-large", _nothing),
    (r"Special numeric values \(nan or infinity\) are not permitted\.", "not-a-number", _nothing),
    (r"Not a valid boolean\.", "not-a-boolean", _nothing),
    (r"Not a valid date\.", "not-a-date", _nothing),
    (r"Not a valid (?:datetime|naive datetime|aware datetime|time|period of time)\.", "not-a-time", _nothing),
    (r"\"?.*\"? cannot be formatted as a (?:date|datetime|time)\.", "not-a-date", _nothing),
    (r"Not a valid UUID\.", "not-an-id", _nothing),
    (r"Not a valid URL\.", "not-a-url", _nothing),
    (r"Not a valid email address\.", "not-an-email", _nothing),
    (r"Not a valid (?:IP|IPv4|IPv6) (?:address|interface)\.", "not-an-address", _nothing),
    (r"Not a valid (?:list|tuple|delimited list)\.", "not-a-list", _nothing),
    (r"Not a valid mapping type\.", "not-an-object", _nothing),
    (r"Invalid (?:type|input type)\.", "not-an-object", _nothing),
)
_COMPILED = tuple((re.compile(pattern, re.DOTALL), code, allowed) for pattern, code, allowed in _CODES)


def faults(messages: Mapping[str, Any]) -> list[Fault]:
    """The faults in what webargs gathered: `{location: {field: [message] | {index: ...}}}`."""
    return [fault for location, found in messages.items() for fault in _walk(found, (), _PLACES.get(location, _pointer))]


def coded(message: object) -> Coded:
    """A message with its code."""
    if isinstance(message, Coded):
        return message
    text = str(message)
    for pattern, code, allowed in _COMPILED:
        if found := pattern.fullmatch(text):
            return Coded(text, code, allowed(found))
    return Coded(text, "invalid")


def _walk(found: Any, path: tuple[str, ...], place: Place) -> Iterator[Fault]:
    if isinstance(found, Mapping):
        for key, below in found.items():  # pyright: ignore[reportUnknownVariableType]  marshmallow's messages are nested at will
            step = path if key == "_schema" else (*path, str(key))  # pyright: ignore[reportUnknownArgumentType]  a name or an index
            yield from _walk(below, step, place)
    elif isinstance(found, list):
        for message in found:  # pyright: ignore[reportUnknownVariableType]  the same
            each = coded(message)  # pyright: ignore[reportUnknownArgumentType]  the same
            yield Fault(printable(place(path)), each.code, printable(str(each)), each.allowed)
    else:
        yield from _walk([found], path, place)


def _pointer(path: tuple[str, ...]) -> str:
    return "".join(f"/{escaped(each)}" for each in path)


def _named(kind: str) -> Place:
    return lambda path: f"{kind}:{path[0] if path else ''}"


_PLACES: Final[Mapping[str, Place]] = {
    "json": _pointer,
    "query": _named("query"),
    "querystring": _named("query"),
    "headers": _named("header"),
    "form": _named("form"),
    "files": _named("form"),
    "path": _named("path"),
}
