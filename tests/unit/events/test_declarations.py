"""A projection's declaration changes only together with its version (engine.md, 5)."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from msgspec.structs import replace

from tests.unit.events import declarations
from tests.unit.events.declarations import Declared, committed, declared, everything, unversioned
from tests.unit.events.facts import STAFF, retired
from tests.unit.events.reached import reached, read

UPDATE = "run `python -m tests.unit.events.declarations` and commit the file"
FOLD = Path(__file__).with_name("folds_to_change.py")


def test_no_declaration_changed_without_a_new_version() -> None:
    now = {name: declared(each) for name, each in everything().items()}
    assert not list(unversioned(committed(), now))


def test_every_declaration_is_committed() -> None:
    assert committed() == {name: declared(each) for name, each in everything().items()}, UPDATE


@pytest.mark.parametrize(
    "before,after,wrong",
    [
        (Declared(1, "a"), Declared(1, "a"), 0),
        (Declared(1, "a"), Declared(1, "b"), 1),
        (Declared(1, "a"), Declared(2, "b"), 0),
        (Declared(2, "a"), Declared(1, "b"), 1),
        (None, Declared(1, "a"), 0),
    ],
    ids=["the same", "changed", "a new version", "an older version", "a new projection"],
)
def test_a_change_needs_a_new_version(before: Declared | None, after: Declared, wrong: int) -> None:
    assert len(list(unversioned({"x": before} if before else {}, {"x": after}))) == wrong


def test_the_command_writes_what_is_new_and_refuses_what_changed_without_a_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(declarations, "FILE", tmp_path / "declarations.json")
    monkeypatch.setattr(declarations, "everything", lambda: {"tests/staff": STAFF})
    assert declarations.main() == 0
    written = (tmp_path / "declarations.json").read_text()
    changed = replace(STAFF, types=(*STAFF.types, type(retired())))
    monkeypatch.setattr(declarations, "everything", lambda: {"tests/staff": changed})
    assert declarations.main() == 1
    assert "tests/staff" in capsys.readouterr().err
    assert (tmp_path / "declarations.json").read_text() == written
    monkeypatch.setattr(declarations, "everything", lambda: {"tests/staff": replace(changed, version=2)})
    assert declarations.main() == 0
    assert json.loads((tmp_path / "declarations.json").read_text())["tests/staff"]["version"] == 2


@pytest.mark.parametrize("field,value", [("types", ()), ("indexes", ()), ("about", "title"), ("source", "roster"), ("document", Declared)])
def test_types_indexes_and_document_are_part_of_a_declaration(field: str, value: object) -> None:
    ours = everything()["reporting/templates"]
    assert declared(replace(ours, **{field: value})).digest != declared(ours).digest


# ---- what a fold reaches


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Makes a module of ours from an edited text of folds_to_change.py, and gives what its fold reaches."""
    name = "waymark.folds_to_change"

    def make(old: str = "", new: str = "") -> str:
        text = FOLD.read_text()
        assert old in text
        (tmp_path / "folds_to_change.py").write_text(text.replace(old, new, 1) if old else text)
        module = _load(name, tmp_path / "folds_to_change.py")
        monkeypatch.setitem(sys.modules, name, module)
        read.cache_clear()
        return reached(module.fold)

    yield make
    read.cache_clear()


@pytest.mark.parametrize(
    "old,new",
    [('(document or "") + ', ""), ("text[:LIMIT]", "text[1:LIMIT]"), ("LIMIT = 3", "LIMIT = 4")],
    ids=["the fold", "a function it calls", "a constant that that one reads"],
)
def test_a_change_in_what_a_fold_does_shows(edited, old: str, new: str) -> None:
    assert edited(old, new) != edited()


@pytest.mark.parametrize(
    "old,new",
    [
        ("The newest text under its key.", "Other words."),
        ("LIMIT = 3", "LIMIT = 3  # letters"),
        ("LIMIT = 3", "\n\n\nLIMIT = (\n    3\n)"),
        ('return "here"', 'return "there"'),
    ],
    ids=["a docstring", "a comment", "the layout", "code that it does not use"],
)
def test_a_change_that_folds_the_same_does_not_show(edited, old: str, new: str) -> None:
    assert edited(old, new) == edited()


def test_a_closure_is_told_apart_by_what_it_holds() -> None:
    """Such as `keys=_own_id("scale")`."""

    def made(what: object):
        return lambda: what

    assert reached(made("scale")) != reached(made("template"))
    assert reached(made(3)) != reached(made(4))


def test_what_a_fold_imports_from_another_module_of_ours_is_reached() -> None:
    sheets = reached(everything()["reporting/sheets"].evolve)
    assert "waymark.reporting.folds.rows.inserted = " in sheets
    assert "waymark.events" not in {line.partition(" = ")[0] for line in sheets.splitlines()}


def _load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
