"""Who speaks which language at home, from the schools' rolls of one topic partition."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from waymark.service.directory_folds import Roll


class Languages(Struct, frozen=True, eq=False, kw_only=True):
    """`rolls` by document id; `of`: each student's home language (BCP 47, "" unknown)."""

    rolls: Mapping[str, Roll]
    of: Mapping[str, str]

    @property
    def nbytes(self) -> int:
        """About: an entry of a roll and one of `of`."""
        return 400 * len(self.of)


def join(before: Languages | None, changed: Mapping[str, Roll | None]) -> Languages:
    """The partition with these rolls (by document id; None: gone) in place of what they were."""
    rolls = dict(before.rolls) if before else {}
    for key, roll in changed.items():
        rolls.pop(key, None)
        if roll is not None:
            rolls[key] = roll
    return Languages(rolls=rolls, of={student: entry.home_language for roll in rolls.values() for student, entry in roll.students.items()})
