"""The verbs by name, and what a refusal looks like."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

import msgspec

from waymark.events.park import TooManyParked
from waymark.events.project import UnknownEvent
from waymark.events.rebuild import NoProgress, NotPossible
from waymark.events.store import NotDense, Unavailable
from waymark.service.operate.checking import check
from waymark.service.operate.desk import Desk, Refused
from waymark.service.operate.parked import parked
from waymark.service.operate.rebuilding import rebuild, retire, rollback
from waymark.service.operate.republishing import republish
from waymark.service.operate.status import status

VERBS: Mapping[str, Callable[[Desk, Sequence[str]], int]] = {
    "status": status,
    "rebuild": rebuild,
    "rollback": rollback,
    "retire": retire,
    "parked": parked,
    "republish": republish,
    "check": check,
}
UNUSED = ("issuer", "jwks_url")
"""Settings that no verb reads: signing in is the API's."""


def operate(desk: Desk, verb: str, arguments: Sequence[str]) -> int:
    """Run one verb. 0: done; 1: refused, or something is wrong; 2 (by argparse): asked wrongly."""
    try:
        return VERBS[verb](desk, arguments)
    except Refused as refusal:
        said = str(refusal)
    except (NotPossible, NoProgress, UnknownEvent, TooManyParked, NotDense) as problem:
        said = f"{problem}."
    except Unavailable as problem:
        said = f"Something does not answer: {problem}. Nothing is half-done that running it again does not finish."
    sys.stderr.write(f"{said}\n")
    if "--json" in arguments:
        sys.stdout.write(msgspec.json.encode({"refused": said}).decode() + "\n")
    return 1
