"""The code that a function reaches within Waymark, as text that neither comments, docstrings nor layout change.

From the function's own definition it follows every name: to other definitions of its module, and into what the module imports
from other modules of ours. The engine and the event catalogue are left out: contract suites and golden samples hold those.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

OURS, ENGINE = "waymark.", "waymark.events"


class Source(NamedTuple):
    """A module's top-level definitions by name, and what its imports bind: (module, attribute or nothing)."""

    tree: ast.Module
    defined: dict[str, list[ast.stmt]]
    imported: dict[str, tuple[str, str]]


def reached(root: Any) -> str:
    """The code of a function or class and of all that it uses, one definition a line, sorted."""
    found: dict[str, str] = {}
    for module, name, node in _roots(root):
        _follow(module, name, node, found)
    return "\n".join(f"{name} = {code}" for name, code in sorted(found.items()))


def _roots(root: object) -> Iterator[tuple[str, str, ast.AST | None]]:
    """Where a value's code stands; of a closure and a partial also what they hold."""
    if isinstance(root, functools.partial):
        for each in (root.func, *root.args, *root.keywords.values()):
            yield from _roots(each)
    elif isinstance(root, FunctionType):
        top = root.__qualname__.partition(".")[0]
        yield root.__module__, top, _lambda(root) if top == "<lambda>" else None
        for each in inspect.getclosurevars(root).nonlocals.values():
            yield from _roots(each)
    elif isinstance(root, type):
        yield root.__module__, root.__qualname__.partition(".")[0], None
    elif isinstance(root, str | int | float | bool | tuple | frozenset | None):
        yield "", f"held {root!r}", ast.Constant(repr(root))


def _follow(module: str, name: str, node: ast.AST | None, found: dict[str, str]) -> None:
    """Note a definition and all that it uses. `node`: what is not defined under a name."""
    if node is None:
        if not module.startswith(OURS) or module.startswith(ENGINE):
            return
        source = read(module)
        if name in source.imported:
            origin, attribute = source.imported[name]
            if not _is_module(origin, attribute):
                _follow(origin, attribute, None, found)
            return
    nodes = list(read(module).defined.get(name, ())) if node is None else [node]
    if not nodes or f"{module}.{name}" in found:
        return
    found[f"{module}.{name}"] = " ".join(canonical(each) for each in nodes)
    if module:
        for used in sorted({used for each in nodes for used in _names(each)}):
            _follow_name(module, used, found)


def _follow_name(module: str, used: tuple[str, str], found: dict[str, str]) -> None:
    """A name and its attribute (or ""), such as `sheet.fold`, where the name may be an imported module."""
    name, attribute = used
    bound = read(module).imported.get(name)
    if bound and attribute and _is_module(*bound):
        _follow(".".join(each for each in bound if each), attribute, None, found)
    else:
        _follow(module, name, None, found)


@functools.cache
def _is_module(module: str, attribute: str) -> bool:
    if not attribute:
        return True
    return module.startswith(OURS) and isinstance(getattr(importlib.import_module(module), attribute, None), ModuleType)


@functools.cache
def read(module: str) -> Source:
    tree = ast.parse(Path(inspect.getfile(importlib.import_module(module))).read_text())
    defined: dict[str, list[ast.stmt]] = {}
    imported: dict[str, tuple[str, str]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                for each in ast.walk(target):
                    if isinstance(each, ast.Name):
                        defined.setdefault(each.id, []).append(node)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            imported |= {each.asname or each.name: (node.module or "", each.name) for each in node.names}
        elif isinstance(node, ast.Import):
            imported |= {each.asname or each.name.partition(".")[0]: (each.name, "") for each in node.names}
    return Source(tree, defined, imported)


def _lambda(function: Callable[..., Any]) -> ast.AST:
    line = function.__code__.co_firstlineno
    return next(each for each in ast.walk(read(function.__module__).tree) if isinstance(each, ast.Lambda) and each.lineno == line)


def _names(node: ast.AST) -> Iterator[tuple[str, str]]:
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            yield each.value.id, each.attr
        elif isinstance(each, ast.Name):
            yield each.id, ""


def canonical(node: Any) -> str:
    """A syntax tree as text, the same on every Python: without docstrings, positions, and fields that only some versions have."""
    if isinstance(node, list):
        return "[" + " ".join(canonical(each) for each in node) + "]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields: dict[str, Any] = {
        name: value for name, value in ast.iter_fields(node) if name not in ("ctx", "kind", "type_comment", "type_params") and value
    }
    if isinstance(node, ast.Constant):
        fields = {"value": node.value}
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        fields["body"] = [each for each in node.body if not _is_explanation(each)]
    return f"{type(node).__name__}({' '.join(f'{name}={canonical(value)}' for name, value in fields.items())})"


def _is_explanation(statement: ast.stmt) -> bool:
    """A docstring, or the bare string below an attribute that explains it."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
