"""Limits on the texts of scales and templates."""

from __future__ import annotations

from collections.abc import Iterator

from waymark.plans.domain.refusals import Fault

TITLE = 60  # characters of a title (P2)
DESCRIPTION = 5000  # stored characters, markup included (P3)
GUIDANCE = 2000  # characters


def title_faults(text: str, place: tuple[str | int, ...], most: int) -> Iterator[Fault]:
    """A title is one line that says something, at most `most` characters."""
    if not text.strip():
        yield Fault(place, "blank", most)
    elif not text.isprintable():
        yield Fault(place, "not-one-line", most)
    yield from text_faults(text, place, most)


def text_faults(text: str, place: tuple[str | int, ...], most: int) -> Iterator[Fault]:
    if len(text) > most:
        yield Fault(place, "too-long", most)
