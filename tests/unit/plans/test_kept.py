"""Rows kept in memory are the rows that stand in the view, whatever was written meanwhile."""

import random
import time

import pytest
from msgspec.structs import replace

from tests.unit.plans.conftest import House
from waymark.events.rebuild import rebuild
from waymark.events.sqlite.views import SqliteViews
from waymark.events.views import Change
from waymark.plans.kept import KeptRows
from waymark.plans.students_list import STATUSES
from waymark.plans.views import student_rows


@pytest.fixture
def house(fresh: House) -> House:
    """Alone: these tests count, crash and drop."""
    return fresh


def test_kept_rows_follow_every_change(house: House) -> None:
    chance, template = random.Random(3), house.template()
    students = [house.district.student() for _ in range(8)]
    kept = KeptRows(house.ports.views)
    statuses: dict[str, str] = {}
    for _ in range(30):
        student = chance.choice(students)
        plan = f"{template}.{student}"
        match statuses.get(student):
            case None:
                house.assign(template, student)
                statuses[student] = "open"
            case "open" if chance.random() < 0.5:
                house.update(plan, "overall", chance.randrange(1, 4))
            case "open":
                statuses[student] = house.close(plan, chance.choice(["complete", "remove"]))["status"]
                if house.client().get(f"/plans/v1/plans/{plan}").status_code == 404:
                    del statuses[student]
            case _:
                statuses[student] = house.close(plan, "reactivate")["status"]
        rows = kept.of("d1", template)
        assert {student: row.status for student, row in rows.items()} == statuses
        assert rows == KeptRows(house.ports.views).of("d1", template)
    assert set(statuses.values()) <= set(STATUSES)


def test_a_rebuilt_view_is_read_anew(house: House) -> None:
    template, student = house.template(), house.district.student()
    house.assign(template, student)
    kept = KeptRows(house.ports.views)
    before = kept.of("d1", template)
    rebuild(student_rows, house.district.folder.feeds["plans"](), house.ports.views, lambda _folded, _waiting: None)
    assert kept.of("d1", template) == before
    house.update(f"{template}.{student}", "overall", 2)
    assert kept.of("d1", template)[student].overall == 2


def test_documents_of_two_views_are_never_mixed_when_another_process_flips(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waymark.events.standing.SEEN_SECONDS", 0.1)
    template, student = house.template(), house.district.student()
    house.assign(template, student)
    other = SqliteViews(house.district.folder._views, "plans")
    second = student_rows.view.at("student_rows@1.1")
    other.prepare(second)
    (key, held), *_ = other.scan(student_rows.view, "", 10)
    assert held.document is not None
    mended = replace(held.document, rows={student: replace(held.document.rows[student], overall=3)})
    other.save(
        second,
        "plans",
        [Change(id=key, document=mended, marks=held.marks, parked={}, revision=0)],
        (),
        other.checkpoints(student_rows.view, "plans"),
    )
    kept = KeptRows(house.ports.views)
    assert kept.of("d1", template)[student].overall is None
    other.flip("student_rows", second.key)
    kept.of("d1", template)  # this process may not have seen the flip yet
    time.sleep(0.15)
    assert kept.of("d1", template)[student].overall == 3


def test_a_document_that_was_stirred_is_read_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waymark.events.standing.SEEN_SECONDS", 0.1)
    template, student = house.template(), house.district.student()
    house.assign(template, student)
    views = house.ports.views
    kept = KeptRows(views)
    assert kept.of("d1", template)[student].overall is None
    (key, held), *_ = views.scan(student_rows.view, "", 10)
    assert held.document is not None
    mended = replace(held.document, rows={student: replace(held.document.rows[student], overall=3)})
    other = SqliteViews(house.district.folder._views, "plans")
    other.save(student_rows.view, "plans", [Change(id=key, document=mended, marks=held.marks, parked={}, revision=held.revision)], (), {})
    other.stir("student_rows")
    time.sleep(0.15)
    assert kept.of("d1", template)[student].overall == 3


def test_templates_asked_for_longest_ago_go_first(house: House) -> None:
    students = [house.district.student() for _ in range(3)]
    kept = KeptRows(house.ports.views, most=4)
    templates = [house.template() for _ in range(3)]
    for template in templates:
        house.assign(template, *students)
        assert len(kept.of("d1", template)) == 3
    kept.of("d1", templates[2])
    assert [name for _, name in kept._templates] == templates[2:]


def test_another_district_has_rows_of_its_own(house: House) -> None:
    template = house.template()
    house.assign(template, house.district.student())
    assert KeptRows(house.ports.views).of("d2", template) == {}
