"""The order of grades."""

from __future__ import annotations

EARLY = ("IT", "PR", "PK", "TK", "KG")
"""CEDS codes of what comes before grade 01."""


def grade_order(grade: str) -> tuple[int, int, str]:
    """Early grades, then the numbered ones, then whatever else there is."""
    if grade in EARLY:
        return 0, EARLY.index(grade), grade
    return (1, int(grade), grade) if grade.isdecimal() and grade.isascii() else (2, 0, grade)
