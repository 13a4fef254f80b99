"""The students behind the figures: who is listed, in which order, as a page and as a file."""

from datetime import timedelta

import pytest

from tests.unit.reporting.house import House

ITEM = "/templates/t1/items/{}/students"


def listed(house: House, person: str, item: str, segment: str, **query: object) -> list[str]:
    return [each["student"]["id"] for each in house.read(person, ITEM.format(item), segment=segment, **query)["items"]]


def test_p23_a_segment_opens_to_the_students_at_that_status(house: House) -> None:
    district = house.district
    ahead, behind, nobody, hidden = (district.student(family=name) for name in ("Adler", "Bauer", "Celik", "Dogan"))
    house.assign(ahead, behind, nobody, hidden)
    house.update(ahead, "i1", 250)
    house.update(behind, "i1", 7, days_ago=3)
    house.update(hidden, "i1", 7)
    house.hide(hidden, "i1")
    admin = district.administrator()
    (row,) = house.read(admin, ITEM.format("i1"), segment="7")["items"]
    assert row == {
        "plan": f"t1.{behind}",
        "student": {"id": behind, "name": row["student"]["name"], "family_name": "Bauer"},
        "school": {"id": "s1", "name": "School s1"},
        "grade": "05",
        "effective": (house.today - timedelta(days=3)).isoformat(),
    }
    assert row["student"]["name"].endswith(" Bauer")
    assert listed(house, admin, "i1", "250") == [ahead]
    assert listed(house, admin, "i1", "1") == []
    assert listed(house, admin, "i1", "not-yet") == [nobody]
    assert listed(house, admin, "i1", "hidden") == [hidden]
    assert listed(house, admin, "i1", "answered") == [ahead, behind]
    (row,) = house.read(admin, ITEM.format("i1"), segment="not-yet")["items"]
    assert row["effective"] is None
    (row,) = house.read(admin, ITEM.format("i1"), segment="hidden")["items"]
    assert row["effective"] == house.today.isoformat()


def test_p23_every_bar_of_every_kind_opens_to_as_many_students_as_it_counts(house: House) -> None:
    students = [house.district.student() for _ in range(4)]
    house.assign(*students)
    for student, value in zip(students, (1, 7, 1), strict=False):
        house.update(student, "overall", value)
        house.update(student, "i2", value)
    admin = house.district.administrator()
    bars = house.read(admin, "/templates/t1/bars")
    for bar in (bars["overall"], *bars["sections"][0]["items"]):
        assert len(listed(house, admin, bar["item"], "hidden")) == bar["hidden"]
        if bar["kind"] == "levels":
            assert len(listed(house, admin, bar["item"], "not-yet")) == bar["not_yet"]["count"]
            for each in bar["segments"]:
                assert len(listed(house, admin, bar["item"], str(each["code"]))) == each["count"]
        else:
            assert len(listed(house, admin, bar["item"], "not-yet")) == bar["not_yet"]
            assert len(listed(house, admin, bar["item"], "answered")) == bar["answered"]


def test_p20_students_stand_by_family_name_in_any_script_and_the_redacted_last(house: House) -> None:
    district = house.district
    names = ["Østergaard", "Ångström", "adler", "Zhou", "Émile", "Бауэр", "李"]
    students = {name: district.student(family=name) for name in names}
    forgotten = district.student(family="Aaa")
    house.assign(*students.values(), forgotten)
    district.forget(forgotten)
    rows = house.read(district.administrator(), ITEM.format("overall"), segment="not-yet")["items"]
    assert [each["student"]["family_name"] for each in rows] == ["adler", "Ångström", "Émile", "Zhou", "Østergaard", "Бауэр", "李", None]
    assert rows[-1]["student"] == {"id": forgotten, "name": None, "family_name": None}


def test_p23_pages_meet_every_student_once_and_a_cursor_belongs_to_its_question(house: House) -> None:
    students = [house.district.student() for _ in range(7)]
    house.assign(*students)
    admin = house.district.administrator()
    seen, cursor = list[str](), None
    while True:
        query = {"cursor": cursor} if cursor else {}
        page = house.read(admin, ITEM.format("overall"), segment="not-yet", limit=3, **query)
        seen += [each["student"]["id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
        assert house.refused(admin, ITEM.format("i1"), segment="not-yet", cursor=cursor)[:2] == (400, "cursor-invalid")
    assert sorted(seen) == sorted(students)
    assert len(seen) == 7


def test_p23_nobody_out_of_reach_is_listed_or_written_to_the_file(house: House) -> None:
    district = house.district
    own, foreign = district.student(family="Own"), district.student(family="Foreign")
    house.assign(own, foreign)
    teacher = district.teacher(district.section(students=[own]))
    assert listed(house, teacher, "overall", "not-yet") == [own]
    assert [row[0] for row in house.file(teacher)] == ["Family name", "Own"]
    principal = district.principal("s2")
    assert house.file(principal) == [house.file(teacher)[0]]


def test_p23_filters_and_past_days_list_whom_the_bars_count(house: House) -> None:
    student, other = house.district.student("s1"), house.district.student("s2")
    house.assign(student, school="s1")
    house.assign(other, school="s2")
    first = house.today
    house.later(5)
    house.update(student, "overall", 1)
    house.move(student, "s2", "06")
    admin = house.district.administrator()
    assert listed(house, admin, "overall", "not-yet", school="s2") == [other]
    assert listed(house, admin, "overall", "1", school="s2", grade="06") == [student]
    (row,) = house.read(admin, ITEM.format("overall"), segment="not-yet", school="s1", as_of=first.isoformat())["items"]
    assert (row["student"]["id"], row["school"]["id"], row["grade"], row["effective"]) == (student, "s1", "05", None)


@pytest.mark.parametrize(
    "item, query, refusal",
    [
        ("i1", {"segment": "99"}, (422, "segment-unknown", "query:segment")),
        ("i2", {"segment": "7"}, (422, "segment-unknown", "query:segment")),
        ("i1", {"segment": "²"}, (422, "segment-unknown", "query:segment")),
        ("i1", {}, (422, "invalid", "query:segment")),
        ("i9", {"segment": "1"}, (404, "not-found", "")),
        ("i1", {"segment": "7", "limit": 500}, (422, "invalid", "query:limit")),
        ("i1", {"segment": "7", "cursor": "abc"}, (400, "cursor-invalid", "query:cursor")),
    ],
)
def test_p23_a_segment_that_no_bar_has_is_refused(house: House, item: str, query: dict[str, object], refusal: tuple[int, str, str]) -> None:
    assert house.refused(house.district.administrator(), ITEM.format(item), **query) == refusal


def test_p30_the_file_has_the_students_and_their_current_overall_status(house: House) -> None:
    district = house.district
    one, other = district.student("s1", given="Ana", family="Żak"), district.student("s2", given="Bo", family="Adler")
    district.school("s2", "Hill School")
    house.assign(one, school="s1")
    house.assign(other, school="s2", grade="KG")
    house.update(one, "overall", 1, days_ago=0)
    rows = house.file(district.administrator())
    assert rows[0] == ["Family name", "Given name", "School", "Grade", "Status", "Overall status", "Effective date", "Updated"]
    assert rows[1][:7] == ["Adler", "Bo", "School s2", "KG", "open", "", ""]
    assert rows[2][:7] == ["Żak", "Ana", "School s1", "05", "open", "On track", house.today.isoformat()]
    assert all(row[7].endswith("+00:00") for row in rows[1:])
    assert house.file(district.administrator(), school="s2") == [rows[0], rows[1]]


def test_p30_the_file_as_of_a_day_says_what_stood_then(house: House) -> None:
    student = house.district.student()
    house.assign(student)
    house.update(student, "overall", 7)
    first = house.today
    house.later(3)
    house.update(student, "overall", 1)
    admin = house.district.administrator()
    assert house.file(admin)[1][5:7] == ["On track", house.today.isoformat()]
    assert house.file(admin, as_of=first.isoformat())[1][5:7] == ["Behind", first.isoformat()]


def test_p33_the_file_is_a_utf_8_csv_with_formula_cells_neutralised_and_every_cell_quoted(house: House) -> None:
    student = house.district.student(given='@SUM("A1")', family="=HYPERLINK(1)")
    house.assign(student)
    answer = house.ask(house.district.administrator()).get("/reporting/v1/templates/t1/students.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=\"students.csv\"; filename*=UTF-8''Reading.csv"
    assert answer.is_streamed
    assert answer.data.startswith(b"\xef\xbb\xbf")
    lines = answer.data.decode("utf-8-sig").split("\r\n")
    assert lines[-1] == ""
    assert all(line.startswith('"') and line.endswith('"') for line in lines[:-1])
    assert lines[1].startswith('"\'=HYPERLINK(1)","\'@SUM(""A1"")","School s1","05","open"')


def test_p30_a_long_file_is_written_in_stretches_and_lacks_nobody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waymark.reporting.api.students.STRETCH", 3)
    students = [house.district.student() for _ in range(8)]
    house.assign(*students)
    rows = house.file(house.district.administrator())
    assert len({row[0] for row in rows[1:]}) == len(rows) - 1 == 8
