"""A projection that folds anything else is another version: its documents would be half of one kind and half of the other."""

import ast
import hashlib
import inspect
import json
import re
import textwrap
from pathlib import Path
from types import FunctionType
from typing import Any

import msgspec

from waymark.plans.views import PROJECTIONS

COMMITTED = Path(__file__).parent / "declarations.json"


def functions(function: Any) -> dict[str, FunctionType]:
    """The function and all of this service that it calls, by name."""
    found, left = dict[str, FunctionType](), [function]
    while left:
        each = left.pop()
        if each.__qualname__ not in found and each.__module__.startswith("waymark.plans"):
            found[each.__qualname__] = each
            named = {node.id for node in ast.walk(parsed(each)) if isinstance(node, ast.Name)}
            left += [other for name in named if isinstance(other := each.__globals__.get(name), FunctionType)]
    return found


def parsed(function: FunctionType) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def code(function: FunctionType) -> list[str]:
    """What it does, without its words, and the same under every Python."""
    lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    for node in ast.walk(parsed(function)):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            assert node.body[0].end_lineno is not None
            lines[node.body[0].lineno - 1 : node.body[0].end_lineno] = []
    return [re.sub(r"\s+", "", re.sub(r"#.*", "", line)) for line in lines if line.split("#")[0].strip()]


def declaration(projection: Any) -> str:
    said = [
        sorted(each.type for each in projection.types),
        projection.indexes,
        projection.about,
        msgspec.json.schema(projection.document),
        sorted(code(each) for each in (functions(projection.keys) | functions(projection.evolve)).values()),
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def declared() -> dict[str, str]:
    return {f"{each.name}@{each.version}": declaration(each) for each in PROJECTIONS}


def test_a_projection_that_changed_has_a_new_version() -> None:
    changed = {name for name, known in json.loads(COMMITTED.read_text()).items() if declared().get(name, known) != known}
    assert not changed, "give each a new version (or, where it folds the same as before, write its new hash)"
    assert set(declared()) <= set(json.loads(COMMITTED.read_text())), "add the new ones"
