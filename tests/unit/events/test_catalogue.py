"""The committed schemas and pages are what the structs say, and a published shape cannot be broken by accident."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from waymark.events.catalogue import EVENTS, TOPICS
from waymark.events.catalogue import __main__ as command
from waymark.events.catalogue.meanings import FIELDS, PUBLISHED
from waymark.events.catalogue.schemas import breaches, schema

ROOT = command.CHECKOUT


def test_schemas_and_pages_are_what_the_structs_say() -> None:
    made = command.files(ROOT)
    drifted = [str(path) for path, text in made.items() if not (ROOT / path).is_file() or (ROOT / path).read_text() != text]
    assert not drifted, "run `make catalogue` and commit what it writes"
    there = {each.relative_to(ROOT) for folder in (command.SCHEMAS, command.PAGES) for each in (ROOT / folder).iterdir()}
    assert there == set(made)


def test_every_name_is_a_service_a_fact_and_a_version() -> None:
    for name, event in EVENTS.items():
        assert re.fullmatch(r"([a-z]+)\.[a-z]+(-[a-z]+)*\.v[1-9]\d*", name)
        assert name.partition(".")[0] in (*TOPICS, "operations")  # what operators do is told on the topic of whom they did it to
        assert event.__doc__


def test_everything_said_about_types_and_fields_is_about_one_that_exists() -> None:
    assert set(PUBLISHED) == set(EVENTS)
    there = {pair for event in EVENTS.values() for pair in _fields(schema(event))}
    assert {each for each in FIELDS if "." in each} <= {f"{struct}.{field}" for struct, field in there}
    assert {each for each in FIELDS if "." not in each} == {field for _, field in there}


def test_pages_link_to_files_that_exist() -> None:
    for page in (ROOT / command.PAGES).glob("*.md"):
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            assert (page.parent / link).exists(), (page.name, link)


def test_what_is_sealed_is_said() -> None:
    said = {name: _row(name, "Sealed") for name in EVENTS}
    assert said["roster.person-recorded.v1"] == "`given`, `family`, `preferred`, `email`, `number`, `source_id`"
    assert said["plans.item-updated.v1"] == "`value`, `note`"
    assert {name for name, each in said.items() if "nothing" not in each} == {"roster.person-recorded.v1", "plans.item-updated.v1"}


def changed(what: str) -> dict[str, Any]:
    """The schema of an update, as somebody might change it."""
    shape: dict[str, Any] = json.loads(json.dumps(schema(EVENTS["plans.item-updated.v1"])))
    match what:
        case "a field removed":
            del shape["properties"]["note"]
        case "a field added without default":
            shape["properties"]["reason"] = {"type": "string"}
            shape["required"].append("reason")
        case "a field no longer required":
            shape["required"].remove("item")
        case "another type":
            shape["properties"]["effective"] = {"type": "string"}
        case "a role removed":
            shape["$defs"]["Author"]["properties"]["role"]["enum"].remove("aide")
        case "a role added":
            shape["$defs"]["Author"]["properties"]["role"]["enum"].append("mentor")
        case "a shape removed":
            del shape["$defs"]["Cell"]
        case "an optional field added":
            shape["properties"]["reason"] = {"type": "string", "default": ""}
        case "another description":
            shape["properties"]["item"]["description"] = "clearer words"
        case _:
            raise AssertionError(what)
    return shape


@pytest.mark.parametrize(
    "what",
    [
        "a field removed",
        "a field added without default",
        "a field no longer required",
        "another type",
        "a role removed",
        "a role added",
        "a shape removed",
    ],
)
def test_a_change_that_breaks_readers_is_named(what: str) -> None:
    assert len(list(breaches(schema(EVENTS["plans.item-updated.v1"]), changed(what)))) == 1


@pytest.mark.parametrize("what", ["an optional field added", "another description"])
def test_a_change_that_breaks_nobody_passes(what: str) -> None:
    assert not list(breaches(schema(EVENTS["plans.item-updated.v1"]), changed(what)))


def test_the_command_writes_everything_and_refuses_to_break_a_published_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(ROOT / command.GOLDEN, tmp_path / command.GOLDEN)
    assert command.main(tmp_path) == 0
    assert {path: (tmp_path / path).read_text() for path in command.files(ROOT)} == command.files(ROOT)
    target = tmp_path / command.SCHEMAS / "plans.item-updated.v1.json"
    published = json.loads(target.read_text())
    published["properties"]["mood"] = {"type": "string", "default": ""}  # published once; the struct of today lacks it
    target.write_text(json.dumps(published))
    assert command.main(tmp_path) == 1
    assert "plans.item-updated.v1: plans.item-updated.v1.mood is gone" in capsys.readouterr().err
    assert json.loads(target.read_text()) == published


def _fields(shape: dict[str, Any]) -> set[tuple[str, str]]:
    top = EVENTS[shape["title"]].__name__
    found = {(top, field) for field in shape["properties"]}
    return found | {(name, field) for name, each in shape.get("$defs", {}).items() for field in each["properties"]}


def _row(name: str, first: str) -> str:
    page = (ROOT / command.PAGES / f"{name}.md").read_text()
    found = re.search(rf"^\| {first} \| (.*) \|$", page, re.MULTILINE)
    assert found
    return found.group(1)
