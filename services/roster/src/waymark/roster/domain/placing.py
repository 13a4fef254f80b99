"""Which of a student's schools counts as theirs, and since when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from waymark.roster.domain.person import RoleHeld


def school_of(
    roles: Iterable[RoleHeld], schools: Collection[str], preferred: Iterable[str | None], today: date
) -> tuple[str, date | None] | None:
    """The school a student goes to and the day the role there began; None without a student's role at a school.

    Of several: one held today before one to come before one that has ended; among those the first of `preferred` (what the
    roster calls the primary one, then the one known so far), then the one begun last. A role that has ended still places its
    student: only a package without it withdraws them, so that no summer empties a district.
    """
    wanted = list(preferred)
    held = [each for each in roles if each.role == "student" and each.org in schools]
    if not held:
        return None

    def order(each: RoleHeld) -> tuple[int, int, int, str]:
        begun = (each.begin or date.min).toordinal()
        return _standing(each, today), wanted.index(each.org) if each.org in wanted else len(wanted), -begun, each.org

    best = min(held, key=order)
    return best.org, best.begin


def _standing(role: RoleHeld, today: date) -> int:
    """0 held today, 1 to come, 2 ended."""
    if role.end is not None and role.end < today:
        return 2
    return 1 if role.begin is not None and role.begin > today else 0
