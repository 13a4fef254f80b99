"""Reading over HTTP: one's own write first, nothing twice over the wire, and pages that cannot be made up."""

import base64
import threading
import time
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.service.scales_service import listed
from waymark.events.park import parked_record
from waymark.events.views import Views
from waymark.service.context import EXTENSION
from waymark.service.testing import Client, TestDistrict

SCALES = "/plans/v1/scales"


@pytest.fixture
def client(district: TestDistrict, app: Flask) -> Client:
    return district.client(app, district.administrator())


def create(client: Client, *titles: str) -> None:
    for each in titles:
        assert client.post(SCALES, json={"title": each}).status_code == 201


def pages(client: Client, url: str) -> list[list[Any]]:
    found, answer = list[list[Any]](), client.get(url)
    while True:
        found.append(answer.json["items"])
        if answer.json["next"] is None:
            return found
        answer = client.get(f"{url}&cursor={answer.json['next']}")


@pytest.mark.parametrize("path", [SCALES, "/plans/v1/scales-in-memory"])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_pages_hold_every_item_once_in_order(client: Client, path: str, count: int) -> None:
    create(client, *(f"T{at}" for at in range(count)))
    whole = client.get(path).json["items"]
    assert [each for page in pages(client, f"{path}?limit=2") for each in page] == whole
    assert len(whole) == count


def test_a_row_that_comes_in_between_shifts_no_other(client: Client) -> None:
    create(client, "A", "C", "E")
    first = client.get("/plans/v1/scales-in-memory?limit=2").json
    create(client, "D")
    second = client.get(f"/plans/v1/scales-in-memory?limit=2&cursor={first['next']}").json
    assert (first["items"], second["items"]) == (["E", "C"], ["A"])


def test_a_cursor_is_good_for_its_own_list_only(district: TestDistrict, app: Flask, client: Client) -> None:
    create(client, "A", "B", "C")
    cursor = client.get(f"{SCALES}?limit=1").json["next"]
    neighbour = district.neighbour()
    other = neighbour.client(app, neighbour.administrator())
    for caller, url in ((client, f"{SCALES}?title=A&"), (client, "/plans/v1/scales-in-memory?"), (other, f"{SCALES}?")):
        answer = caller.get(f"{url}cursor={cursor}")
        assert (answer.status_code, answer.json["code"], answer.json["errors"][0]["pointer"]) == (400, "cursor-invalid", "query:cursor")


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_made_up_cursor_is_refused(client: Client, cursor: str) -> None:
    assert client.get(SCALES, query_string={"cursor": cursor}).status_code in (400, 422)


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1.5", "", "1e3", "9" * 30])
def test_a_limit_beyond_the_page_is_refused(client: Client, limit: str) -> None:
    answer = client.get(f"{SCALES}?limit={limit}")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "query:limit")


@pytest.mark.parametrize(
    "after", ["", "x", "plans:1", "plans:12:5", "plans:-1:5", "plans:1:x", "plans:1:5,", "plans:1:" + "9" * 30, "plans:1:5 "]
)
def test_a_malformed_position_is_refused(client: Client, after: str) -> None:
    answer = client.get(SCALES, query_string={"after": after})
    assert (answer.status_code, answer.json["code"]) == (400, "after-malformed")


def test_a_read_waits_for_its_own_write(district: TestDistrict, app: Flask, client: Client) -> None:
    create(client, "A")
    person = district.administrator()
    unsettled = Client(app, lambda: district.token(person), lambda: None)
    position = unsettled.post(SCALES, json={"title": "B"}).headers["Waymark-Position"]
    later = threading.Timer(0.1, district.catch_up)
    later.start()
    answer = unsettled.get(f"{SCALES}?after={position}")
    later.join()
    assert (answer.json["behind"], [each["title"] for each in answer.json["items"]]) == (False, ["A", "B"])


def test_a_read_that_would_wait_longer_answers_that_it_is_behind(client: Client) -> None:
    create(client, "A")
    started = time.monotonic()
    answer = client.get(f"{SCALES}?after=plans:3:999000")
    assert 0.9 < time.monotonic() - started < 2
    assert answer.json["behind"] is True
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_at_most_a_quarter_of_the_threads_wait(app: Flask, client: Client) -> None:
    waiting: threading.Semaphore = app.extensions[EXTENSION].waiting
    assert waiting.acquire(blocking=False)
    assert not waiting.acquire(blocking=False)  # four threads: one may wait
    started = time.monotonic()
    assert client.get(f"{SCALES}?after=plans:3:999000").json["behind"] is True
    assert time.monotonic() - started < 0.5


def test_a_position_of_a_service_that_is_not_read_here_is_not_waited_for(client: Client) -> None:
    assert client.get(f"{SCALES}?after=reporting:3:999000").json["behind"] is False


def test_a_read_says_that_its_write_waits_in_the_parking_lot(district: TestDistrict, app: Flask, client: Client) -> None:
    create(client, "A")
    position = client.post(SCALES, json={"title": "B"}).headers["Waymark-Position"]
    assert "Waymark-Parked" not in client.get(f"{SCALES}?after={position}").headers
    commit = app.extensions[EXTENSION].ports.store.scan(0, 10)[-1]
    (recorded,) = commit.recorded()
    views: Views = app.extensions[EXTENSION].ports.views
    views.save(listed.view, listed.source, (), [parked_record(recorded, "ValueError: cannot be folded")], {})
    answer = client.get(f"{SCALES}?after={position}")
    assert (answer.status_code, answer.headers["Waymark-Parked"], answer.json["behind"]) == (200, "scales", False)
    assert client.get(f"{SCALES}?after={position}", headers={"If-None-Match": answer.headers["ETag"]}).headers["Waymark-Parked"] == "scales"
    assert "Waymark-Parked" not in client.get(SCALES).headers


def test_an_unchanged_view_is_not_sent_again(client: Client) -> None:
    create(client, "A")
    etag = client.get(SCALES).headers["ETag"]
    again = client.get(SCALES, headers={"If-None-Match": f'"other", {etag}'})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert etag.startswith("W/")


@pytest.mark.parametrize("change", ["a document", "the directory", "the day", "the scope"])
def test_a_view_has_another_etag_once_anything_it_stands_on_has_changed(district: TestDistrict, app: Flask, change: str) -> None:
    person = district.administrator()
    client = district.client(app, person)
    etag = client.get(SCALES).headers["ETag"]
    if change == "a document":
        create(client, "A")
    elif change == "the directory":
        district.student()
    elif change == "the day":
        district.now = district.now.replace(year=district.now.year + 1)
    else:
        client = district.client(app, district.principal())
    assert client.get(SCALES, headers={"If-None-Match": etag}).status_code == 200


def test_one_thing_that_is_unchanged_is_not_sent_again(client: Client) -> None:
    scale = client.post(SCALES, json={"title": "A"}).json["id"]
    assert client.get(f"{SCALES}/{scale}", headers={"If-None-Match": '"1"'}).status_code == 304
    assert client.get(f"{SCALES}/{scale}", headers={"If-None-Match": '"2"'}).status_code == 200
