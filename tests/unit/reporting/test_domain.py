"""The rules without a database: percentages, the trend, what is safe in a spreadsheet, the order of grades."""

import csv
import io
from datetime import date, timedelta
from math import gamma, pi, sqrt
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.events.catalogue.plans import Item, Level, LevelScale
from waymark.reporting.domain.bars import Levels, LevelsBar, bar
from waymark.reporting.domain.cells import csv_line, neutralised
from waymark.reporting.domain.grades import grade_order
from waymark.reporting.domain.percent import percentages
from waymark.reporting.domain.trend import BAND_POINTS, Trend, student_t, trend

DAY = date(2026, 9, 1)


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=50))
def test_p21_percentages_add_up_to_100_and_none_is_off_by_a_tenth(counts: list[int]) -> None:
    shares = percentages(counts)
    total = sum(counts)
    assert round(sum(shares), 6) == (100.0 if total else 0.0)
    assert all(abs(share - count / total * 100) < 0.1 + 1e-9 for share, count in zip(shares, counts, strict=True) if total)
    assert all(share == 0.0 for share, count in zip(shares, counts, strict=True) if not count)


def test_p21_of_equal_remainders_the_first_gets_the_tenth() -> None:
    assert percentages([1, 1, 1]) == [33.4, 33.3, 33.3]
    assert percentages([0, 0]) == [0.0, 0.0]


def test_p21_segments_and_grey_add_up_to_n() -> None:
    scale = LevelScale(title="", levels=tuple(Level(code=code, label="", short="", colour="") for code in (3, 1)))
    drawn = bar(Item(id="i", title="t"), 7, 2, Levels(scale, {1: 2, 3: 1}))
    assert isinstance(drawn, LevelsBar)
    assert [(each.code, each.count) for each in drawn.segments] == [(3, 1), (1, 2)]
    assert (drawn.n, drawn.hidden, drawn.not_yet.count) == (7, 2, 4)


# ---------------------------------------------------------------------------------------------------------------- trend


def test_p29_a_trend_needs_three_points_and_two_dates() -> None:
    assert trend([]) == "too-few-points"
    assert trend([(DAY, 1.0), (DAY + timedelta(9), 2.0)]) == "too-few-points"
    assert trend([(DAY, 1.0), (DAY, 2.0), (DAY, 3.0)]) == "one-date"
    assert isinstance(trend([(DAY, 1.0), (DAY, 2.0), (DAY + timedelta(1), 3.0)]), Trend)


def test_p29_a_straight_history_is_its_own_trend() -> None:
    line = trend([(DAY + timedelta(days), 2 + days / 7) for days in (14, 0, 7, 28)])
    assert isinstance(line, Trend)
    assert line.slope_per_week == pytest.approx(1.0)
    assert (line.n, line.days, line.start.date, line.end.date) == (4, 28, DAY, DAY + timedelta(28))
    assert (line.start.value, line.end.value) == (pytest.approx(2.0), pytest.approx(6.0))
    assert all(each.high - each.low == pytest.approx(0, abs=1e-6) for each in line.band)
    assert line.method == "least squares of value over days"


points = st.lists(st.tuples(st.integers(0, 400), st.floats(-50, 50)), min_size=3, max_size=40).filter(
    lambda all_: len({day for day, _ in all_}) > 1
)


@given(points)
def test_p29_the_line_is_the_least_squares_line_and_the_band_its_confidence_interval(all_points: list[tuple[int, float]]) -> None:
    line = trend([(DAY + timedelta(day), value) for day, value in all_points])
    assert isinstance(line, Trend)
    x, y = np.array([day for day, _ in all_points], float), np.array([value for _, value in all_points])
    x -= x.min()
    design = np.stack([np.ones_like(x), x], axis=1)
    coefficients, *_ = np.linalg.lstsq(design, y, rcond=None)
    assert line.slope_per_week == pytest.approx(coefficients[1] * 7, abs=1e-6)
    assert line.start.value == pytest.approx(coefficients[0], abs=1e-6)
    # the band by matrices: t s sqrt(x0' (X'X)^-1 x0)
    s = sqrt(float(((y - design @ coefficients) ** 2).sum()) / (len(x) - 2))
    inverse = np.linalg.inv(design.T @ design)
    for each in line.band:
        at = np.array([1.0, (each.date - line.start.date).days])
        margin = student_t(len(x) - 2) * s * sqrt(float(at @ inverse @ at))
        assert each.high - each.low == pytest.approx(2 * margin, abs=1e-4, rel=1e-4)
        assert (each.high + each.low) / 2 == pytest.approx(float(at @ coefficients), abs=1e-5)
    assert 2 <= len(line.band) <= BAND_POINTS
    assert (line.band[0].date, line.band[-1].date) == (line.start.date, line.end.date)
    assert [each.date for each in line.band] == sorted({each.date for each in line.band})


@pytest.mark.parametrize("degrees", [*range(1, 13), 15, 20, 30, 60, 120, 1000])
def test_p29_students_t_holds_95_percent_between_its_points(degrees: int) -> None:
    def density(t: np.ndarray) -> np.ndarray:
        scale = 1.0 if degrees > 300 else gamma((degrees + 1) / 2) / (sqrt(degrees * pi) * gamma(degrees / 2))
        return scale * (1 + t * t / degrees) ** (-(degrees + 1) / 2)

    end = student_t(degrees)
    grid = np.linspace(-end, end, 200_001)
    total = float(np.trapezoid(density(grid), grid))
    if degrees > 300:  # gamma overflows: compare with the whole instead
        wide = np.linspace(-60, 60, 1_200_001)
        total /= float(np.trapezoid(density(wide), wide))
    assert total == pytest.approx(0.95, abs=1e-6)


# ------------------------------------------------------------------------------------------------------------ spreadsheets


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a", " =1", "\u3000=1", "\ufeff=1", "\u200b@x", "\u202e=1", "\x00=1", "-"]
)  # fmt: skip
def test_p33_a_cell_that_would_be_a_formula_is_neutralised(text: str) -> None:
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "Ana", "a=b", "O'Brien", "2026-09-01", "Ahead-of", "Ñandú", "李", "'=1"])
def test_p33_other_cells_stay_as_they_are(text: str) -> None:
    assert neutralised(text) == text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_p33_a_line_reads_back_as_the_neutralised_cells(cells: list[str]) -> None:
    line = csv_line(cells)
    assert line.endswith("\r\n")
    assert list(csv.reader(io.StringIO(line, newline=""), strict=True)) == [[neutralised(each) for each in cells]]


def test_grades_stand_in_the_order_of_school_years() -> None:
    grades = ["Other", "12", "KG", "01", "PK", "10", "UG", "02"]
    Random(1).shuffle(grades)
    assert sorted(grades, key=grade_order) == ["PK", "KG", "01", "02", "10", "12", "Other", "UG"]
