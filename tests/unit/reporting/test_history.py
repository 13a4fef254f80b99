"""One item's history and its trend, over HTTP."""

from datetime import date, timedelta

import pytest

from tests.unit.reporting.house import House
from waymark.events.catalogue.types import Sealed


def history(house: House, student: str, item: str = "i1") -> dict[str, object]:
    return house.read(house.district.administrator(), f"/plans/t1.{student}/items/{item}/history")


@pytest.fixture
def student(house: House) -> str:
    student = house.district.student()
    house.assign(student)
    return student


def test_p28_every_update_is_a_point_with_both_its_dates_the_newest_current(house: House, student: str) -> None:
    house.update(student, "i1", 250)
    house.update(student, "i1", 7, days_ago=4)
    house.update(student, "i1", 1)
    told = history(house, student)
    assert (told["item"], told["title"], told["kind"]) == ("i1", "Aloud", "levels")
    assert isinstance(told["scale"], dict)
    assert [each["code"] for each in told["scale"]["levels"]] == [7, 1, 250]
    points = told["points"]
    assert isinstance(points, list)
    today, past = house.today.isoformat(), (house.today - timedelta(days=4)).isoformat()
    assert [(each["effective"], each["value"], each["role"], each["current"]) for each in points] == [
        (past, 7, "teacher", False),
        (today, 250, "teacher", False),
        (today, 1, "teacher", True),
    ]
    assert points[0]["recorded"] > points[1]["recorded"]
    assert told["newest"] == points[2]["recorded"]


def test_p29_the_trend_runs_over_ranks_in_the_scales_order(house: House, student: str) -> None:
    for days_ago, value in ((14, 7), (7, 1), (0, 250)):
        house.update(student, "i1", value, days_ago)
    told = history(house, student)
    trend = told["trend"]
    assert isinstance(trend, dict)
    assert told["reason"] is None
    assert trend["slope_per_week"] == pytest.approx(1.0)
    assert (trend["n"], trend["days"], trend["method"]) == (3, 14, "least squares of value over days")
    assert trend["start"] == {"date": (house.today - timedelta(days=14)).isoformat(), "value": pytest.approx(0.0, abs=1e-9)}
    assert trend["end"] == {"date": house.today.isoformat(), "value": pytest.approx(2.0)}
    assert [each["date"] for each in trend["band"]] == [(house.today - timedelta(days=14 - at)).isoformat() for at in range(15)]


def test_p29_points_have_a_trend_of_their_own(house: House, student: str) -> None:
    for days_ago, value in ((14, 1), (7, 4.5), (0, 8)):
        house.update(student, "i2", value, days_ago)
    trend = history(house, student, "i2")["trend"]
    assert isinstance(trend, dict)
    assert trend["slope_per_week"] == pytest.approx(3.5)


def test_p29_where_there_is_no_line_the_reason_is_told(house: House, student: str) -> None:
    assert (history(house, student)["trend"], history(house, student)["reason"]) == (None, "too-few-points")
    for value in (7, 1, 250):
        house.update(student, "i1", value)
        house.update(student, "i3", Sealed(student, b"secret"), days_ago=value % 5)
    assert (history(house, student)["trend"], history(house, student)["reason"]) == (None, "one-date")
    assert (history(house, student, "i3")["trend"], history(house, student, "i3")["reason"]) == (None, "free-text")


def test_p28_free_text_shows_when_it_was_written_and_never_what(house: House, student: str) -> None:
    house.update(student, "i3", Sealed(student, b"secret"))
    told = history(house, student, "i3")
    assert (told["kind"], told["scale"]) == ("text", None)
    assert isinstance(told["points"], list)
    assert [each["value"] for each in told["points"]] == [True]
    assert "secret" not in str(told)


def test_p28_what_else_happened_stands_beside_the_points(house: House, student: str) -> None:
    house.update(student, "i1", 1)
    house.hide(student, "i1")
    house.hide(student, "i2")
    house.show(student, "i1")
    house.move(student, "s2", "06")
    house.complete(student)
    events = history(house, student)["events"]
    assert isinstance(events, list)
    assert [each["kind"] for each in events] == ["assigned", "hidden", "shown", "moved", "completed"]
    assert [(each["school"], each["grade"]) for each in events] == [("s1", "05"), (None, None), (None, None), ("s2", "06"), (None, None)]
    assert all(date.fromisoformat(each["effective"]) == house.today for each in events)


def test_p28_the_overall_status_has_a_history_too(house: House, student: str) -> None:
    house.update(student, "overall", 1)
    told = history(house, student, "overall")
    assert (told["title"], told["kind"]) == ("Overall status", "levels")


@pytest.mark.parametrize("plan", ["t1", "t1.", ".", "t9.{student}", "t1.{other}", "t1.nobody"])
def test_p28_a_plan_out_of_reach_or_not_there_is_not_found(house: House, student: str, plan: str) -> None:
    other = house.district.student()
    teacher = house.district.teacher(house.district.section(students=[student]))
    address = f"/plans/{plan.format(student=student, other=other)}/items/i1/history"
    assert house.refused(teacher, address)[:2] == (404, "not-found")


def test_p28_an_item_that_the_template_lacks_is_not_found(house: House, student: str) -> None:
    admin = house.district.administrator()
    assert house.refused(admin, f"/plans/t1.{student}/items/i9/history")[:2] == (404, "not-found")
