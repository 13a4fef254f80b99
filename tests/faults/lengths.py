"""How long a fault lasts: shortened for every day, at full length with WAYMARK_FAULTS=long."""

from __future__ import annotations

import os
from typing import Final

LONG: Final = os.environ.get("WAYMARK_FAULTS") == "long"


def lasting(usual: float, at_length: float) -> float:
    """Seconds."""
    return at_length if LONG else usual
