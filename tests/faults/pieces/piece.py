"""One piece of work, and a small size for all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from tests.faults.places import Opened

COMMITS = 12
POISON = "3"  # the org of the event that cannot be folded; its stream is that of p3


class Piece(Struct, frozen=True, kw_only=True):
    begin: Callable[[Opened], None]
    work: Callable[[Opened, Path], None]
    standing: Callable[[Opened, Path], None]
    finished: Callable[[Opened, Path], None]


def nothing(_opened: Opened, _acknowledged: Path) -> None:
    """Nothing is promised of what stands in between."""
