"""A log line is one JSON object that names no person."""

import io
import json
import logging
from typing import Any

import pytest
from flask import Flask, g
from hypothesis import given
from hypothesis import strategies as st

from waymark.service.logs import PERSONAL, drop_personal, formatter, logging_config

SECRET = "Ana-7f3e"


def line(record: Any) -> dict[str, Any]:
    """The line that a logger writes while `record(logger)` runs."""
    out = io.StringIO()
    logger, handler = logging.getLogger("waymark.test"), logging.StreamHandler(out)
    handler.setFormatter(formatter())
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        record(logger)
    finally:
        logger.removeHandler(handler)
    (text,) = out.getvalue().splitlines()
    return json.loads(text)


def test_a_line_says_what_when_where_and_its_fields() -> None:
    told = line(lambda log: log.warning("feed waits", extra={"source": "roster"}))
    assert told.pop("timestamp").endswith("Z")
    assert told == {"event": "feed waits", "source": "roster", "level": "warning", "logger": "waymark.test"}


NESTED = st.recursive(
    st.just(1),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["ok", *sorted(PERSONAL)]), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["ok", "event", *sorted(PERSONAL), "Email", "GIVEN"]), NESTED))
def test_no_personal_key_is_left_at_any_depth(fields: dict[str, Any]) -> None:
    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return {key.lower() for key in value} | {key for each in value.values() for key in keys(each)}
        return {key for each in value for key in keys(each)} if isinstance(value, list) else set()

    cleaned = drop_personal(None, "", dict(fields))
    assert not keys(cleaned) & PERSONAL
    assert keys(cleaned) >= {key for key in fields if key in ("ok", "event")}


@pytest.mark.parametrize(
    "key", ["name", "given", "family", "email", "note", "token", "authorization", "path", "query", "body", "sub", "source_id"]
)
def test_the_list_holds_what_could_be_about_a_person(key: str) -> None:
    assert key in PERSONAL


def test_an_exception_is_told_by_type_and_place_without_its_words() -> None:
    def failing(log: logging.Logger) -> None:
        try:
            try:
                int(SECRET)
            except ValueError as problem:
                raise RuntimeError(SECRET) from problem
        except RuntimeError:
            log.exception("fault")

    told = line(failing)
    assert [each["type"] for each in told["exception"]] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert "test_logs.py" in told["exception"][0]["at"][-1]
    assert SECRET not in json.dumps(told)


def test_an_object_in_a_line_is_told_by_its_type() -> None:
    class Letter:
        def __repr__(self) -> str:
            return SECRET

    assert line(lambda log: log.info("sent", extra={"what": Letter()}))["what"] == "Letter"


def test_a_line_within_a_request_names_it_and_its_trace() -> None:
    app = Flask("x")

    def within(log: logging.Logger) -> None:
        with app.test_request_context():
            g.request_id, g.traceparent = "request-1", f"00-{'a' * 32}-{'b' * 16}-01"
            log.info("step")

    told = line(within)
    assert (told["request_id"], told["trace_id"]) == ("request-1", "a" * 32)


def test_the_servers_own_access_lines_are_off() -> None:
    assert logging_config("info")["loggers"]["gunicorn.access"]["handlers"] == []
