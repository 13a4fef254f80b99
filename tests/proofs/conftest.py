"""Holds each proof to both of its sides, and ends a run with the table of what was shown."""

from __future__ import annotations

from collections.abc import Generator
from textwrap import shorten
from typing import Any, NamedTuple

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.conftest import MONGODB, engines
from tests.proofs.proof import AS_IT_IS, Variant, Violated, named


class Shown(NamedTuple):
    """One run of a proof. `how`: for a broken variant the property's own words; else why it was not run, or what went wrong."""

    number: int
    says: str
    on: str
    variant: str
    outcome: str
    how: str


_shown: dict[str, Shown] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Property 8 is left out, and the table says so, where WAYMARK_MONGODB_URL names no replica set: that is nobody's omission."""
    needing = [each for each in items if isinstance(each, pytest.Function) and each.get_closest_marker("replica_set")]
    if needing and not _is_replica_set():
        config.hook.pytest_deselected(items=needing)
        items[:] = [each for each in items if each not in needing]
        for each in needing:
            _note(each, "not run", f"{MONGODB} names no such")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    variant = _variant(pyfuncitem)
    try:
        result = yield
    except Violated as violation:
        if variant is None or not variant.broken:
            raise
        _note(pyfuncitem, "fails", shorten(str(violation), 120))
        return True
    if variant is not None and variant.broken:
        pytest.fail(f"broken ({variant.name}), and the property still holds: it cannot fail", pytrace=False)
    if variant is not None:
        _note(pyfuncitem, "passes", "")
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if isinstance(item, pytest.Function) and not report.passed and _variant(item) is not None:
        what = (
            report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else str(call.excinfo and call.excinfo.value)
        )
        _note(item, "not run" if report.skipped else "WRONG", shorten(what, 120))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _shown:
        return
    terminalreporter.section("properties: each passes as it is, and fails with each broken variant")
    for number in sorted({each.number for each in _shown.values()}):
        for line in _rows([each for each in _shown.values() if each.number == number]):
            terminalreporter.write_line(line)


def _rows(shown: list[Shown]) -> list[str]:
    """A property's lines: what it says and where it passed as it is; below, how each broken variant failed."""
    lines: list[str] = []
    for says in dict.fromkeys(each.says for each in shown):
        own = [each for each in shown if each.says == says]
        lines.append(f"{own[0].number:2}  {says}: {_where([each for each in own if each.variant == AS_IT_IS])}")
        for name in dict.fromkeys(each.variant for each in own if each.variant != AS_IT_IS):
            broken = [each for each in own if each.variant == name]
            words = next((f' ("{each.how}")' for each in broken if each.outcome == "fails"), "")
            lines.append(f"      broken, {name}: {_where(broken)}{words}")
    return lines


def _where(shown: list[Shown]) -> str:
    said: dict[str, list[str]] = {}
    for each in shown:
        if each.outcome in ("passes", "fails"):
            said.setdefault(f"{each.outcome} on ", []).append(each.on)
        else:
            said.setdefault(f"{each.outcome} on {each.on}: {each.how}", [])
    return "; ".join(outcome + ", ".join(dict.fromkeys(on)) for outcome, on in said.items())


def _variant(item: pytest.Function) -> Variant | None:
    callspec = getattr(item, "callspec", None)
    found = callspec.params.get("variant") if callspec and named(item.name) else None
    return found if isinstance(found, Variant) else None


def _note(item: pytest.Function, outcome: str, how: str) -> None:
    variant, name = _variant(item), named(item.originalname)
    assert variant is not None
    assert name is not None
    on = getattr(item.cls, "ON", None) or getattr(item.module, "ON", "SQLite")
    _shown[item.nodeid] = Shown(*name, on, variant.name, outcome, how)


def _is_replica_set() -> bool:
    if MONGODB not in engines():
        return False
    client: MongoClient[dict[str, Any]] = MongoClient(engines()[MONGODB], serverSelectionTimeoutMS=5_000)
    try:
        return "setName" in client.admin.command("hello")
    except PyMongoError:
        return False
    finally:
        client.close()
