"""The one table of what this service refuses, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from waymark.roster.domain.district import TimeZoneUnknown
from waymark.roster.domain.importing import NotHeld
from waymark.roster.domain.person import PersonUnknown
from waymark.service.problems import Fault, Refusal


def _always(text: str) -> Callable[[Exception], str]:
    return lambda _: text


REFUSALS: Final[Mapping[type[Exception], Refusal]] = {
    TimeZoneUnknown: Refusal(
        422,
        "invalid",
        "The request is not valid",
        _always("Places that are wrong: 1."),
        lambda _: {
            "errors": [Fault("/time_zone", "time-zone-unknown", "There is no such time zone.", "an IANA name, such as America/New_York")]
        },
    ),
    NotHeld: Refusal(
        409,
        "import-not-held",
        "The import is not held",
        _always("Only an import that waits for approval can be approved."),
        lambda refused: {"import_status": refused.status},
    ),
    PersonUnknown: Refusal(404, "not-found", "Not found", _always("There is no such thing, or it is not for you to see.")),
}
