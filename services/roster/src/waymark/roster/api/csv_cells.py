"""Cells that no spreadsheet takes for a formula (OWASP, CSV Injection)."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category

BOM = "\ufeff"
"""Tells spreadsheets that a file is UTF-8."""
_STARTS = frozenset("=+-@＝＋－＠")
_BLANK = frozenset({"Zs", "Zl", "Zp", "Cf"})  # characters that are not seen: some programs skip them before they look for a formula


def neutralised(text: str) -> str:
    """The text, with an apostrophe in front where it would be read as a formula or begins with a control character."""
    first = next((each for each in text if category(each) not in _BLANK), "")
    return f"'{text}" if first and (first in _STARTS or category(first) == "Cc") else text


def csv_line(cells: Iterable[str]) -> str:
    """One record as RFC 4180 says: every cell quoted, CRLF at the end."""
    return ",".join('"' + neutralised(each).replace('"', '""') + '"' for each in cells) + "\r\n"
