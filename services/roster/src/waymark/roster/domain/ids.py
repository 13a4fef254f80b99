"""Ids of organisations and classes: their sourcedId, written so that it can stand in a stream id and in an address."""

from __future__ import annotations

import hashlib
import re

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,100}")
_MOST = 100


def plain_id(source: str) -> str:
    """The sourcedId itself where it has only letters, digits, hyphens and underscores; else every other byte as `~` and two hex digits.

    Different sourced ids give different ids. One that would be longer than 100 characters becomes `~~` and a hash.
    """
    if _PLAIN.fullmatch(source):
        return source
    written = "".join(chr(each) if _PLAIN.fullmatch(chr(each)) else f"~{each:02x}" for each in source.encode())
    return written if len(written) <= _MOST else "~~" + hashlib.sha256(source.encode()).hexdigest()[:40]
