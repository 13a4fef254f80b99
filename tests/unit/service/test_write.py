"""Writing over HTTP: once for each key, on the version that was seen, with the answer's place."""

import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask

from waymark.events.envelope import Event, Meta
from waymark.events.store import Appended, Conflict, NewCommit
from waymark.service.testing import Client, TestDistrict

SCALES = "/plans/v1/scales"


@pytest.fixture
def client(district: TestDistrict, app: Flask) -> Client:
    return district.client(app, district.administrator())


def created(client: Client, title: str = "Effort") -> str:
    answer = client.post(SCALES, json={"title": title})
    assert answer.status_code == 201
    return answer.json["id"]


def code_of(answer: Any, status: int) -> str:
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    return answer.json["code"]


def test_a_write_answers_its_version_and_its_position(client: Client) -> None:
    answer = client.post(SCALES, json={"title": "Effort"})
    assert answer.headers["ETag"] == '"1"'
    service, partition, sequence = answer.headers["Waymark-Position"].split(":")
    assert (service, 0 <= int(partition) < 12, sequence) == ("plans", True, "1000")


def test_what_was_read_can_be_changed_with_its_etag(client: Client) -> None:
    scale = created(client)
    seen = client.get(f"{SCALES}/{scale}").headers["ETag"]
    answer = client.put(f"{SCALES}/{scale}", json={"title": "Care"}, headers={"If-Match": seen})
    assert (answer.status_code, answer.json["title"], answer.headers["ETag"]) == (200, "Care", '"2"')


def test_a_stale_version_is_refused_with_the_version_it_is_now(client: Client) -> None:
    scale = created(client)
    client.put(f"{SCALES}/{scale}", json={"title": "Care"}, headers={"If-Match": '"1"'})
    answer = client.put(f"{SCALES}/{scale}", json={"title": "Other"}, headers={"If-Match": '"1"'})
    assert code_of(answer, 412) == "version-stale"
    assert answer.json["version"] == 2
    assert client.get(f"{SCALES}/{scale}").json["title"] == "Care"


def test_what_does_not_exist_is_not_stale_but_not_found(client: Client) -> None:
    answer = client.put(f"{SCALES}/nothing", json={"title": "Care"}, headers={"If-Match": '"1"'})
    assert code_of(answer, 404) == "not-found"


def test_a_change_of_what_was_seen_needs_if_match(client: Client) -> None:
    answer = client.put(f"{SCALES}/{created(client)}", json={"title": "Care"})
    assert code_of(answer, 428) == "if-match-missing"
    assert answer.json["errors"][0]["pointer"] == "header:If-Match"


@pytest.mark.parametrize("etag", ["1", 'W/"1"', "*", '"1", "2"', '"x"', '""', '"-1"', '"' + "9" * 40 + '"'])
def test_an_if_match_that_is_none_of_our_etags_is_refused(client: Client, etag: str) -> None:
    answer = client.put(f"{SCALES}/{created(client)}", json={"title": "Care"}, headers={"If-Match": etag})
    assert code_of(answer, 400) == "header-malformed"
    assert answer.json["errors"][0]["allowed"]


def test_the_same_request_again_is_answered_from_its_own_commit(client: Client) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first, again = (client.post(SCALES, json={"title": "Effort"}, headers=key) for _ in range(2))
    assert first.json == again.json
    assert first.headers["Waymark-Position"] == again.headers["Waymark-Position"]
    assert len(client.get(SCALES).json["items"]) == 1


def test_a_change_sent_again_is_no_conflict_with_itself(client: Client) -> None:
    scale, headers = created(client), {"Idempotency-Key": "k1", "If-Match": '"1"'}
    first, again = (client.put(f"{SCALES}/{scale}", json={"title": "Care"}, headers=headers) for _ in range(2))
    assert (first.status_code, first.headers["ETag"]) == (again.status_code, again.headers["ETag"]) == (200, '"2"')


def test_another_request_with_the_same_key_is_refused(client: Client) -> None:
    headers = {"Idempotency-Key": "k1"}
    client.post(SCALES, json={"title": "Effort"}, headers=headers)
    assert code_of(client.post(SCALES, json={"title": "Other"}, headers=headers), 422) == "idempotency-key-reused"


def test_two_people_may_choose_the_same_key(district: TestDistrict, app: Flask, client: Client) -> None:
    headers = {"Idempotency-Key": "k1"}
    other = district.client(app, district.administrator())
    one, two = (each.post(SCALES, json={"title": "Effort"}, headers=headers) for each in (client, other))
    assert one.json["id"] != two.json["id"]


def test_a_quoted_key_is_the_same_key(client: Client) -> None:
    one, two = (client.post(SCALES, json={"title": "Effort"}, headers={"Idempotency-Key": each}) for each in ("k-1", '"k-1"'))
    assert one.json == two.json


def test_creating_needs_a_key(client: Client) -> None:
    assert code_of(client.post(SCALES, json={"title": "Effort"}, headers={"Idempotency-Key": None}), 400) == "idempotency-key-missing"


@pytest.mark.parametrize("key", ["", " ", "a b", "a,b", "x" * 129, "é"])
def test_a_key_that_is_none_is_refused(client: Client, key: str) -> None:
    assert code_of(client.post(SCALES, json={"title": "Effort"}, headers={"Idempotency-Key": key}), 400) == "header-malformed"


def test_a_refusal_of_the_domain_is_told_as_its_table_says(client: Client) -> None:
    answer = client.put(f"{SCALES}/{created(client)}", json={"title": "Effort"}, headers={"If-Match": '"1"'})
    assert code_of(answer, 409) == "unchanged"
    assert (answer.json["detail"], answer.json["allowed"]) == ("The title is the same.", ["another title"])
    assert "Waymark-Position" not in answer.headers


def test_a_role_that_may_not_is_told_who_may(district: TestDistrict, app: Flask) -> None:
    answer = district.client(app, district.teacher()).post(SCALES, json={"title": "Effort"})
    assert code_of(answer, 403) == "role-may-not"
    assert answer.json["allowed"] == ["districtAdministrator", "systemAdministrator"]


def test_who_asked_and_under_which_trace_is_kept_beside_the_commit(district: TestDistrict, app: Flask) -> None:
    person, trace = district.administrator(), f"00-{'a' * 32}-{'b' * 16}-01"
    district.client(app, person).post(SCALES, json={"title": "Effort"}, headers={"traceparent": trace})
    (commit,) = district.folder.store("plans").scan(0, 10)
    assert (commit.meta.actor, commit.meta.traceparent, len(commit.meta.fingerprint)) == (person, trace, 64)


MANY = {"scales": [{"title": "A"}, {"title": "B"}, {"title": "C"}]}


def test_many_are_written_in_one_go_and_their_places_told(client: Client) -> None:
    answer = client.post(f"{SCALES}/many", json=MANY)
    assert answer.json["versions"] == [1, 1, 1]
    places = [each.split(":") for each in answer.headers["Waymark-Position"].split(",")]
    assert len({partition for _, partition, _ in places}) == len(places)
    behind = client.get(f"{SCALES}?after={answer.headers['Waymark-Position']}")
    assert (behind.json["behind"], len(behind.json["items"])) == (False, 3)


def test_many_sent_again_are_answered_from_their_own_commits(client: Client) -> None:
    first, again = (client.post(f"{SCALES}/many", json=MANY, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert first.json["repeated"] == [False] * 3
    assert (again.json["versions"], again.json["repeated"]) == ([1, 1, 1], [True] * 3)


def test_of_many_those_that_another_writer_was_faster_at_are_decided_anew(district: TestDistrict, app: Flask, client: Client) -> None:
    store = district.folder.store("plans")
    append_many, calls = store.append_many, list[int]()

    def overtaken(commits: Sequence[NewCommit]) -> Sequence[Appended]:
        calls.append(len(commits))
        first, second = commits[0], commits[1]
        append_many([first])  # a prefix is in, then somebody else is at the second stream
        store.append(second.stream, second.stream, list[Event](second.events), 0, "other", Meta())
        raise Conflict(second.stream, 1)

    store.append_many = overtaken  # the race that cannot be timed otherwise
    answer = client.post(f"{SCALES}/many", json=MANY)
    assert calls == [3]
    assert (answer.status_code, answer.json["versions"], answer.json["repeated"]) == (200, [1, 1, 1], [True, False, False])
    assert store.head() == 3


@pytest.mark.parametrize(
    "kind, status, code", [("unavailable", 503, "unavailable"), ("forgotten", 410, "person-forgotten"), ("bug", 500, "internal")]
)
def test_what_the_engine_raises_is_told_without_its_words(client: Client, kind: str, status: int, code: str) -> None:
    answer = client.post(f"/plans/v1/faults/{kind}")
    assert code_of(answer, status) == code
    assert "10.0.0.1" not in answer.text
    assert "Ana" not in answer.text
    assert answer.json["instance"] == answer.headers["X-Request-Id"]
    assert ("Retry-After" in answer.headers) == (status == 503)
