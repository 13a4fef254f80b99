"""The students of one template in one topic partition, as arrays: what every count, list and file is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Places = NDArray[np.int32]
Bits = NDArray[np.bool_]
Values = NDArray[np.uint8 | np.float64]


class Tally(Struct, frozen=True, eq=False):
    """One item over rows of a chunk: for how many it is hidden, and what is said of the others (how often each code, or the
    numbers in order)."""

    hidden: int
    found: NDArray[np.int64 | np.float64]


class Chunk(Struct, frozen=True, eq=False, kw_only=True):
    """Row r is `students[r]`, whose plan is open, at `schools[school[r]]` in `grades[grade[r]]`; `recorded` (microseconds
    since 1970) is when the newest fact of the row was. `rows` says where a student stands.

    `values[item]` are codes (uint8, 0 none yet) or numbers (float64, NaN none yet); an item nobody was ever judged on is
    absent. `hidden[item]` is absent where it is hidden for nobody.

    `tallies` and `spoken` are what was worked out of all rows since the chunk was made: who asks without a filter, or for a
    language, asks the same of them each time.
    """

    students: Sequence[str]
    rows: Mapping[str, int]
    schools: Sequence[str]
    grades: Sequence[str]
    school: Places
    grade: Places
    recorded: Whole
    values: Mapping[str, Values]
    hidden: Mapping[str, Bits]
    tallies: dict[tuple[str, bool], Tally] = {}
    spoken: dict[str, Spoken] = {}

    @property
    def nbytes(self) -> int:
        """About how much memory it takes; a student's id and its place in `rows` are some 200 bytes."""
        arrays = (self.school, self.grade, self.recorded, *self.values.values(), *self.hidden.values())
        return 200 * len(self.students) + sum(each.nbytes for each in arrays)


class Spoken(Struct, frozen=True, eq=False):
    """Each row's home language as a number of `names`, as `of` (by student) says."""

    of: Mapping[str, str]
    names: Sequence[str]
    rows: Places


class Vocabulary:
    """Numbers for names, in order of first use."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.numbers = {name: at for at, name in enumerate(names)}

    def number(self, name: str) -> int:
        return self.numbers.setdefault(name, len(self.numbers))

    def numbered(self, names: Iterable[str]) -> Places:
        return np.array([self.number(each) for each in names], np.int32)

    @property
    def names(self) -> list[str]:
        return list(self.numbers)


def picked(names: Sequence[str], numbers: NDArray[np.signedinteger[Any]]) -> list[str]:
    """The names at these numbers."""
    return [names[each] for each in cast(list[int], numbers.tolist())]


def codes(values: Values) -> NDArray[np.uint8]:
    """Values as codes: 0 where there is none."""
    if values.dtype == np.uint8:
        return values.view(np.uint8)
    return np.nan_to_num(values, nan=0.0).astype(np.uint8)


def numbers(values: Values) -> NDArray[np.float64]:
    """Values as numbers: NaN where there is none."""
    if values.dtype == np.float64:
        return values.view(np.float64)
    return np.where(values == 0, np.nan, values.astype(np.float64))
