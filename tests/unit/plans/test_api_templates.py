"""Scales and templates through the API."""

# An answer's JSON is whatever came: a test that meets null fails by itself.
# pyright: reportOptionalSubscript=false

from typing import Any

import pytest

from tests.unit.plans.conftest import LEVELS, POINTS, House

TEMPLATES = "/plans/v1/templates"


def places(answer: Any) -> dict[str, str]:
    return {each["pointer"]: each["code"] for each in answer.json["errors"]}


def test_p1_a_teacher_may_never_build_a_template_or_a_scale(house: House) -> None:
    draft, scale = house.draft(), house.scale()
    teacher = house.client(house.district.teacher(house.district.section()))
    etag = {"If-Match": draft["etag"]}
    for refused in (
        teacher.post(TEMPLATES, json=house.body()),
        teacher.put(f"{TEMPLATES}/{draft['id']}", json=house.body(), headers=etag),
        teacher.post(f"{TEMPLATES}/{draft['id']}/publish", headers=etag),
        teacher.post(f"{TEMPLATES}/{draft['id']}/clone"),
        teacher.post("/plans/v1/scales", json=LEVELS),
        teacher.put(f"/plans/v1/scales/{scale}", json=LEVELS, headers={"If-Match": '"1"'}),
    ):
        assert (refused.status_code, refused.json["code"]) == (403, "role-may-not")
        assert "principal" in refused.json["allowed"]


def test_p1_administrators_of_a_school_build_templates_too(house: House) -> None:
    principal = house.client(house.district.principal())
    assert principal.post(TEMPLATES, json=house.body()).status_code == 201


@pytest.mark.parametrize("title, code", [("", "blank"), ("   ", "blank"), ("x" * 61, "too-long")])
def test_p2_a_title_is_required_and_has_at_most_60_characters(lasting: House, title: str, code: str) -> None:
    refused = lasting.client().post(TEMPLATES, json=lasting.body(title=title))
    assert (refused.status_code, places(refused)) == (422, {"/title": code})
    assert refused.json["errors"][0]["allowed"] == 60


def test_p3_a_description_is_cleaned_before_it_is_stored(house: House) -> None:
    html = '<p onclick="x()">See <a href="https://waymark.example/a">this</a> <a href="javascript:x()">no</a></p><script>x()</script><ul><li>one</ul>'
    kept = house.draft(description=html)["description"]
    assert kept == (
        '<p>See <a href="https://waymark.example/a" rel="noopener noreferrer">this</a> <a rel="noopener noreferrer">no</a></p><ul><li>one</li></ul>'
    )


def test_p3_a_description_has_at_most_5000_stored_characters(house: House) -> None:
    assert len(house.draft(description="x" * 5000)["description"]) == 5000
    assert len(house.draft(description="<script>" + "x" * 6000 + "</script>short")["description"]) == 5
    refused = house.client().post(TEMPLATES, json=house.body(description="<" * 1300))  # stored as &lt;
    assert places(refused) == {"/description": "too-long"}


def test_p4_the_overall_scale_is_one_of_the_districts_scales(house: House) -> None:
    points = house.scale(POINTS)
    draft = house.draft(overall=points)
    assert draft["scales"][points] == {"id": points, "title": "Points", "kind": "points", "levels": None, "minimum": 0, "maximum": 20}
    refused = house.client().post(TEMPLATES, json=house.body(overall="nowhere"))
    assert places(refused) == {"/overall": "unknown-scale"}


def test_p5_publishing_freezes_the_scales(house: House) -> None:
    template = house.template()
    scale = house.client().get(f"{TEMPLATES}/{template}").json["overall"]
    seen = house.client().get(f"/plans/v1/scales/{scale}")
    levels = [{"label": "Renamed", "short": "R", "colour": "#123456", "code": 1}]
    revised = house.client().put(f"/plans/v1/scales/{scale}", json=LEVELS | {"levels": levels}, headers={"If-Match": seen.headers["ETag"]})
    assert [each["label"] for each in revised.json["levels"]] == ["Renamed"]
    frozen = house.client().get(f"{TEMPLATES}/{template}").json["scales"][scale]
    assert [each["label"] for each in frozen["levels"]] == ["Not started", "On track", "Met"]


@pytest.mark.parametrize("what", ["overall", "title"])
def test_p5_p10_a_published_template_tells_to_clone_it(house: House, what: str) -> None:
    template = house.template()
    seen = house.client().get(f"{TEMPLATES}/{template}")
    changed = {"overall": house.scale(), "title": "Other"}[what]
    body = {name: seen.json[name] for name in ("title", "description", "overall", "customisable", "sections")} | {what: changed}
    refused = house.client().put(f"{TEMPLATES}/{template}", json=body, headers={"If-Match": seen.headers["ETag"]})
    assert (refused.status_code, refused.json["code"]) == (409, "template-published")
    assert "Clone" in refused.json["detail"]


def test_p6_p7_p8_sections_and_items_keep_order_scale_and_guidance(house: House) -> None:
    draft = house.draft()
    (section,) = draft["sections"]
    assert [each["title"] for each in section["items"]] == ["Reads aloud", "Words a minute", "In own words"]
    kinds = [draft["scales"][each["scale"]]["kind"] if each["scale"] else None for each in section["items"]]
    assert kinds == ["levels", "points", None]
    assert section["items"][0]["guidance"] == "Listen for a minute."


def test_p6_an_editor_moves_items_by_their_ids(house: House) -> None:
    draft = house.draft()
    body = {name: draft[name] for name in ("title", "description", "overall", "customisable", "sections")}
    body["sections"][0]["items"].reverse()
    body["sections"][0]["items"].append({"title": "New"})
    revised = house.client().put(f"{TEMPLATES}/{draft['id']}", json=body, headers={"If-Match": draft["etag"]})
    assert [each["id"] for each in revised.json["sections"][0]["items"]] == ["i4", "i3", "i2", "i5"]
    stale = house.client().put(f"{TEMPLATES}/{draft['id']}", json=body, headers={"If-Match": draft["etag"]})
    assert (stale.status_code, stale.json["code"]) == (412, "version-stale")
    blind = house.client().put(f"{TEMPLATES}/{draft['id']}", json=body)
    assert (blind.status_code, blind.json["code"]) == (428, "if-match-missing")


def test_p9_a_draft_is_seen_by_administrators_and_by_all_educators_once_published(fresh: House) -> None:
    draft = fresh.draft()
    teacher = fresh.client(fresh.district.teacher(fresh.district.section()))
    assert teacher.get(f"{TEMPLATES}/{draft['id']}").status_code == 404
    assert teacher.get(TEMPLATES).json["items"] == []
    published = fresh.client().post(f"{TEMPLATES}/{draft['id']}/publish", headers={"If-Match": draft["etag"]})
    assert published.json["status"] == "published"
    assert published.json["published_at"] == fresh.district.today.isoformat()
    seen = teacher.get(f"{TEMPLATES}/{draft['id']}")
    assert seen.json["may"] == {"edit": False, "publish": False, "clone": False, "assign": True}
    assert [each["id"] for each in teacher.get(TEMPLATES).json["items"]] == [draft["id"]]


def test_p9_publishing_names_what_is_lacking(house: House) -> None:
    draft = house.draft(overall=None, sections=[])
    refused = house.client().post(f"{TEMPLATES}/{draft['id']}/publish", headers={"If-Match": draft["etag"]})
    assert (refused.status_code, places(refused)) == (422, {"/overall": "required-to-publish", "/sections": "item-required-to-publish"})


def test_p11_a_clone_is_a_new_draft_of_whoever_made_it(house: House) -> None:
    template = house.template()
    principal = house.district.principal(given="Pia", family="Principal")
    cloned = house.client(principal).post(f"{TEMPLATES}/{template}/clone")
    assert (cloned.status_code, cloned.json["status"], cloned.json["cloned_from"]) == (201, "draft", template)
    assert cloned.json["creator"] == {"id": principal, "name": "Pia Principal"}
    body = {name: cloned.json[name] for name in ("description", "overall", "customisable", "sections")} | {"title": "Mine"}
    changed = house.client(principal).put(f"{TEMPLATES}/{cloned.json['id']}", json=body, headers={"If-Match": cloned.headers["ETag"]})
    assert changed.json["title"] == "Mine"


def test_p13_the_list_searches_sorts_and_tells_creator_date_and_students(fresh: House) -> None:
    reading, maths = fresh.template(title="Reading aloud"), fresh.template(title="Álgebra")
    draft = fresh.draft(title="Zebra")["id"]
    fresh.assign(reading, fresh.district.student(), fresh.district.student())
    listed = fresh.client().get(TEMPLATES).json["items"]
    assert [(each["id"], each["students"]) for each in listed] == [(maths, 0), (reading, 2), (draft, 0)]
    assert listed[0]["creator"] == {"id": fresh.admin, "name": "Ada Admin"}
    assert (listed[0]["sections"], listed[0]["items"]) == (1, 3)

    def ids(**query: str) -> list[str]:
        return [each["id"] for each in fresh.client().get(TEMPLATES, query_string=query).json["items"]]

    assert ids(search="ALG") == [maths]
    assert ids(sort="-title") == [draft, reading, maths]
    assert ids(sort="-updated", status="published") == [maths, reading]
    assert ids(status="draft") == [draft]
    first = fresh.client().get(TEMPLATES, query_string={"limit": 2}).json
    assert ids(limit="2", cursor=first["next"]) == [draft]


def test_p13_a_teacher_counts_only_own_students(fresh: House) -> None:
    mine, other = fresh.district.student(), fresh.district.student()
    teacher = fresh.district.teacher(fresh.district.section(students=[mine]))
    plan = fresh.assign(fresh.template(), mine, other)[0]
    assert [each["students"] for each in fresh.client(teacher).get(TEMPLATES).json["items"]] == [1]
    fresh.close(plan)
    assert [each["students"] for each in fresh.client(teacher).get(TEMPLATES).json["items"]] == [0]
    assert [each["students"] for each in fresh.client().get(TEMPLATES).json["items"]] == [1]


def test_creating_needs_a_key_and_repeats_without_effect(house: House) -> None:
    body = house.body()
    assert house.client().post(TEMPLATES, json=body, headers={"Idempotency-Key": None}).status_code == 400
    first = house.client().post(TEMPLATES, json=body, headers={"Idempotency-Key": "one"})
    again = house.client().post(TEMPLATES, json=body, headers={"Idempotency-Key": "one"})
    assert (again.status_code, again.json) == (201, first.json)
    other = house.client().post(TEMPLATES, json=body | {"title": "Other"}, headers={"Idempotency-Key": "one"})
    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")


def test_scales_are_listed_by_title_for_every_educator(fresh: House) -> None:
    points, levels = fresh.scale(POINTS), fresh.scale(LEVELS | {"title": "attitude"})
    teacher = fresh.client(fresh.district.teacher(fresh.district.section()))
    assert [each["id"] for each in teacher.get("/plans/v1/scales").json["items"]] == [levels, points]
    assert [each["code"] for each in teacher.get(f"/plans/v1/scales/{levels}").json["levels"]] == [1, 2, 3]
    assert teacher.get("/plans/v1/scales/nowhere").status_code == 404


@pytest.mark.parametrize(
    "body, pointer, code",
    [
        ({**POINTS, "maximum": 0}, "/maximum", "not-above-minimum"),
        ({**POINTS, "minimum": None}, "/minimum", "required"),
        ({**POINTS, "minimum": "0"}, "/minimum", "not-a-number"),
        ({**POINTS, "levels": LEVELS["levels"]}, "/levels", "not-allowed"),
        ({**LEVELS, "levels": []}, "/levels", "too-few"),
        ({**LEVELS, "levels": None}, "/levels", "required"),
        ({**LEVELS, "kind": "emoji"}, "/kind", "not-allowed"),
        ({**LEVELS, "levels": [{"label": "a", "short": "a", "colour": "red"}]}, "/levels/0/colour", "not-a-colour"),
        ({**LEVELS, "levels": [{"label": "a", "short": "a", "colour": "#000000", "code": True}]}, "/levels/0/code", "not-a-number"),
        ({**LEVELS, "levels": [{"label": "a", "short": "a"}]}, "/levels/0/colour", "required"),
        ({**LEVELS, "more": 1}, "/more", "unknown-field"),
    ],
)
def test_a_scale_that_cannot_be_is_refused_with_its_place(lasting: House, body: dict[str, Any], pointer: str, code: str) -> None:
    refused = lasting.client().post("/plans/v1/scales", json=body)
    assert (refused.status_code, places(refused)) == (422, {pointer: code})


def test_a_scale_keeps_its_kind(house: House) -> None:
    scale = house.scale()
    refused = house.client().put(f"/plans/v1/scales/{scale}", json=POINTS, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json["code"], refused.json["kind"]) == (409, "scale-kind-fixed", "levels")
