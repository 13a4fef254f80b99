"""A district of any size is written without holding it."""

import tracemalloc
from typing import IO, cast

from tests.unit.tools.district_package import plan
from waymark.tools.district import DistrictPlan, generate


class Sink:
    """A stream that forgets what is written to it, and cannot go back."""

    def __init__(self) -> None:
        self.written = 0

    def write(self, content: bytes) -> int:
        self.written += len(content)
        return len(content)

    def flush(self) -> None:
        pass


def peak(of: DistrictPlan) -> int:
    tracemalloc.start()
    try:
        generate(cast("IO[bytes]", Sink()), of)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_student_more_costs_less_memory_than_a_row():
    peak(plan(schools=2, students=100))  # what is loaded once and kept
    small, large = peak(plan(schools=2, students=200)), peak(plan(schools=8, students=1000))
    assert (large - small) / 800 < 400


def test_the_reference_district_is_the_size_it_is_known_for():
    reference = DistrictPlan.reference(seed=7)
    assert (reference.students, reference.schools, reference.language_count) == (95_000, 168, 139)
