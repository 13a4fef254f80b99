"""Bars, bars as of any day and lists equal a day-by-day reference, however the plans topic arrives (property of issue 3, 8)."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from statistics import fmean, median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.reporting import day_reference as reference
from tests.unit.reporting.day_reference import Standing
from tests.unit.reporting.folded_district import Folding
from tests.unit.reporting.plan_histories import (
    ACTS,
    CONTENT,
    GRADES,
    ITEMS,
    LANGUAGES,
    LEVELS,
    POINTS,
    SCALES,
    SCHOOLS,
    STUDENTS,
    Act,
    effective,
    happened,
    random_acts,
)
from waymark.events.catalogue.plans import OVERALL, Item
from waymark.events.envelope import Recorded
from waymark.reporting.counting import segments
from waymark.reporting.counting.chunk import Chunk
from waymark.reporting.counting.selection import Filter, Selected, newest, select
from waymark.reporting.counting.tally import count_item, counted
from waymark.reporting.domain.bars import LevelsBar, PointsBar, TextBar

BARS = (Item(id=OVERALL, title="Overall", scale="levels"), *(item for section in CONTENT.sections for item in section.items))


@pytest.fixture(scope="module")
def folding(tmp_path_factory: pytest.TempPathFactory) -> Folding:
    return Folding(tmp_path_factory.mktemp("views"))


class Question:
    """Who is asked about: some schools, grades, a reach and a group, each maybe."""

    def __init__(self, random: Random) -> None:
        def some(names: Sequence[str]) -> frozenset[str]:
            return frozenset(each for each in names if random.random() < 0.6) if random.random() < 0.4 else frozenset()

        self.schools, self.grades = some(SCHOOLS), some(GRADES)
        self.groups = [set(random.sample(STUDENTS, random.randint(0, len(STUDENTS)))) for _ in range(random.randint(0, 2))]
        self.languages = some(("es", "en"))

    def counts(self, student: str, stands: Standing) -> bool:
        return (
            (not self.schools or stands.school in self.schools)
            and (not self.grades or stands.grade in self.grades)
            and (not self.languages or LANGUAGES[student] in self.languages)
            and all(student in each for each in self.groups)
        )

    @property
    def filter(self) -> Filter:
        return Filter(schools=self.schools, grades=self.grades, languages=self.languages, groups=tuple(self.groups))


def compare(records: Sequence[Recorded], chunks: dict[int, Chunk], day: date, question: Question) -> None:
    truth = reference.all_standing(records, day, question.counts)
    selection = select(chunks, question.filter, dict.fromkeys(chunks, LANGUAGES))
    assert counted(selection) == len(truth)
    assert {(each.student, each.school, each.grade) for each in segments.standing(selection)} == {
        (student, each.school, each.grade) for student, each in truth.items()
    }
    assert newest(selection) == reference.newest(records, day, truth)
    for item in BARS:
        compare_item(selection, truth, item)


def compare_item(selection: Sequence[Selected], truth: dict[str, Standing], item: Item) -> None:
    wanted: list[segments.Segment] = [7, 1, 250, 99, "not-yet", "hidden", "answered"]
    expected = {which: reference.segment(truth, item.id, which) for which in wanted}
    if item.scale == "levels":
        for which in wanted:
            assert {each.student for each in segments.behind(selection, item.id, which)} == expected[which]
    bar = count_item(selection, item, SCALES[item.scale] if item.scale else None)
    assert (bar.n, bar.hidden) == (len(truth) - len(expected["hidden"]), len(expected["hidden"]))
    match bar:
        case LevelsBar():
            assert [(each.code, each.count) for each in bar.segments] == [(each.code, len(expected[each.code])) for each in LEVELS.levels]
            assert bar.not_yet.count == len(expected["not-yet"])
        case PointsBar():
            values = [float(truth[student].values[item.id]) for student in expected["answered"]]
            assert (bar.answered, bar.not_yet) == (len(values), len(expected["not-yet"]))
            assert bar.mean == (pytest.approx(fmean(values), abs=1e-4) if values else None)
            assert (bar.median, bar.minimum, bar.maximum) == ((median(values), min(values), max(values)) if values else (None, None, None))
            assert [each.count for each in bar.buckets] == [
                sum(each.start <= value and (value < each.end or value == each.end == POINTS.maximum) for value in values)
                for each in bar.buckets
            ]
        case TextBar():
            assert (bar.answered, bar.not_yet) == (len(expected["answered"]), len(expected["not-yet"]))


def check(folding: Folding, acts: Sequence[Act], seed: int) -> None:
    random, district = Random(seed), folding.next_district()
    records = happened(acts, district, folding.position)
    for _ in folding.fold(records, random):
        if random.random() < 0.3:
            folding.now(district)  # a reader in between keeps what it saw, and must not be misled by it
            folding.past.of(district, template="t1")
    chunks = folding.now(district)
    days = [
        date.max,
        *(effective(each) + timedelta(days=random.randint(-1, 1)) for each in random.sample(records, min(3, len(records)))),
    ]
    for day in days:
        question = Question(random)
        if day == date.max:
            compare(records, chunks, day, question)
        everybody = folding.on(district, day, Filter())
        compare(records, everybody, day, question)
        compare(records, folding.on(district, day, question.filter), day, question)


@pytest.mark.parametrize("seed", range(10))
def test_p19_p21_p22_p23_bars_and_lists_of_any_day_equal_the_reference(folding: Folding, seed: int) -> None:
    random = Random(seed)
    for number in range(15):
        acts = random_acts(random, random.randrange(5, 70))
        check(folding, acts, seed * 1000 + number)


act = st.tuples(st.sampled_from(sorted(set(ACTS))), st.integers(0, 7), st.integers(0, 3), st.integers(0, 5), st.integers(-3, 11))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(act, max_size=24), st.integers(0, 10_000))
def test_p26_no_history_is_found_whose_bars_differ_from_the_reference(folding: Folding, acts: list[Act], seed: int) -> None:
    check(folding, [("assign", 0, 0, 0, 0), ("assign", 1, 0, 1, 0), *acts], seed)


def test_the_histories_hold_every_kind_of_fact_and_the_items_every_kind_of_scale() -> None:
    random = Random(1)
    records = [each for _ in range(20) for each in happened(random_acts(random, 60))]
    assert len({type(each.event) for each in records}) == 8
    assert {item.scale for item in BARS} == {"levels", "points", None}
    assert {item.id for item in BARS} == set(ITEMS)
