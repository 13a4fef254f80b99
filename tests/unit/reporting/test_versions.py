"""A fold that changes needs a new version: what an older one skipped lies behind its checkpoint for ever (engine.md, 5)."""

import ast
import hashlib
import inspect
import sys
from types import ModuleType

import pytest

from waymark.events.project import Projection
from waymark.reporting.folds import rows
from waymark.reporting.views import OF_PLANS

# Changed what a fold makes, its keys, its types or its document? Then give the projection a new version, and add its line here.
# Changed only how the module says it? Then put the new hash in.
DECLARED = {
    "sheets@1": "aaa96c770fa71640",
    "span_rows@1": "b8b2a893f35243c7",
    "histories@1": "e72cb0c7c1629c58",
    "templates@1": "b5e7df72267e466e",
}


def code(module: ModuleType) -> list[str]:
    """The module's lines without docstrings: words may change. (A syntax tree would differ between versions of Python.)"""
    source = inspect.getsource(module)
    words: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            words |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return [line for number, line in enumerate(source.splitlines(), 1) if number not in words and line.strip()]


def declaration(projection: Projection[object]) -> str:
    types = [each.type for each in projection.types]
    modules = [code(sys.modules[projection.evolve.__module__]), code(rows)]
    content = repr([modules, types, projection.source, projection.indexes, projection.about])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


@pytest.mark.parametrize("projection", OF_PLANS, ids=lambda each: each.view.key)
def test_a_projection_is_what_its_version_was_declared_to_be(projection: Projection[object]) -> None:
    assert DECLARED.get(projection.view.key) == declaration(projection)
