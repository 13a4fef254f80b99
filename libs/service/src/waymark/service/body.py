# pyright: basic
# JSON is whatever it is: nothing here has a type before it was looked at.
"""What comes in, before any schema sees it: JSON without traps, a query without doubles. Each refusal names its place."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, Final

from waymark.service.problems import Fault, Problem, invalid

DEEPEST: Final = 32  # levels of a JSON body
LARGEST: Final = 2**53 - 1  # beyond it, a number is no longer the same in every program that reads it


def parse_json(body: bytes) -> Any:
    """The JSON of a body. Raises Problem: 400 when it is none, 422 when a part of it cannot be kept.

    Refused beyond bad syntax: other encodings than UTF-8, a key twice, NaN and infinities, numbers beyond 2^53, NUL and lone
    surrogates in texts, more than 32 levels.
    """
    try:
        parsed = json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer)
    except UnicodeDecodeError as problem:
        raise _malformed(f"The body is not UTF-8 (byte {problem.start}).") from problem
    except json.JSONDecodeError as problem:
        raise _malformed(f"{problem.msg} (line {problem.lineno}, column {problem.colno}).") from problem
    except RecursionError as problem:
        raise _malformed(f"The body has more than {DEEPEST} levels.", "json-too-deep") from problem
    except _Refused as problem:
        raise _malformed(str(problem)) from problem
    faults = list(_faults(parsed, "", 1))
    if faults:
        raise invalid(faults[:100])
    return parsed


class _Refused(Exception):
    """JSON that Python would read, and others would not."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Refused("An object has the same key twice.")
    return members


def _constant(name: str) -> Any:
    raise _Refused(f"{name} is not JSON.")


def _integer(digits: str) -> int:
    # Python refuses to read thousands of digits at all; what is too large is told with its place below.
    return int(digits) if len(digits) <= 20 else int(digits[:20])


def _malformed(detail: str, code: str = "json-malformed") -> Problem:
    return Problem(400, code, "The body is not usable JSON", detail, errors=[Fault("", code, detail)])


def _faults(value: Any, pointer: str, level: int) -> Iterator[Fault]:
    if isinstance(value, dict | list):
        if level > DEEPEST:
            raise _malformed(f"The body has more than {DEEPEST} levels.", "json-too-deep")
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in members:
            below = f"{pointer}/{escaped(str(key))}"
            if reason := unusable(str(key)):
                yield Fault(printable(below), "not-allowed", f"the key holds {reason}")
            yield from _faults(each, below, level + 1)
    elif isinstance(value, str):
        if reason := unusable(value):
            yield Fault(printable(pointer), "not-allowed", f"the text holds {reason}")
    elif isinstance(value, int | float) and not _keeps(value):
        yield Fault(printable(pointer), "number-too-large", "the number is too large", {"minimum": -LARGEST, "maximum": LARGEST})


def _keeps(number: float) -> bool:
    return math.isfinite(number) and (isinstance(number, float) or abs(number) <= LARGEST)


def unusable(text: str) -> str | None:
    """Why no database and no other program could keep this text; None when all can."""
    if "\0" in text:
        return "the character NUL"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "half of a surrogate pair"
    return None


def printable(text: str) -> str:
    """Text that can be encoded, whatever came in."""
    return text.encode("utf-8", "replace").decode()


def escaped(key: str) -> str:
    """A key as a step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
