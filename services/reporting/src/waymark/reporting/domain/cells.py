"""Cells that no spreadsheet takes for a formula (P33; OWASP, CSV Injection)."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category

STARTS = frozenset("=+-@＝＋－＠")
"""What makes a spreadsheet calculate: the signs and their full-width forms."""
BLANK = frozenset({"Zs", "Zl", "Zp", "Cf"})
"""Categories of characters that are not seen: some programs skip them before they look for a formula."""


def neutralised(text: str) -> str:
    """The text, with an apostrophe in front where it would be read as a formula or begins with a control character."""
    first = next((each for each in text if category(each) not in BLANK), "")
    return f"'{text}" if first and (first in STARTS or category(first) == "Cc") else text


def csv_line(cells: Iterable[str]) -> str:
    """One record as RFC 4180 says: every cell quoted, CRLF at the end."""
    return ",".join('"' + neutralised(each).replace('"', '""') + '"' for each in cells) + "\r\n"
