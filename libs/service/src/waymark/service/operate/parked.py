"""`parked list | retry | discard | redact`: streams that were set aside because an event of theirs could not be folded."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from waymark.events.catalogue.operations import Operation, StreamDiscarded, StreamRedacted, StreamRetried
from waymark.events.park import NotParked, NotPast, NotRedactable
from waymark.events.park import discard as give_up
from waymark.events.park import redact as take_out
from waymark.events.park import retry as fold_again
from waymark.events.project import Projection
from waymark.events.store import Unavailable
from waymark.events.views import View
from waymark.service.operate.desk import Desk, Refused, Told, ask_common, table

FOLLOWERS = 1.0  # seconds within which a worker that had seen the stream parked has parked what it held


class ParkedStream(Struct, frozen=True, kw_only=True):
    """`version` and `type` are those of the first event, which could not be folded for this `reason`."""

    view: str
    stream: str
    events: int
    version: int
    type: str
    reason: str


def parked(desk: Desk, arguments: Sequence[str]) -> int:
    """Look after parked streams."""
    said = "Streams that were set aside because an event of theirs could not be folded."
    asking = argparse.ArgumentParser(prog=f"python -m waymark.{desk.service} parked", description=f"{said} Each verb takes --json.")
    verbs = asking.add_subparsers(dest="verb", required=True)
    for name, said in (
        ("list", "show what is parked, and why"),
        ("retry", "fold parked streams again, in order: after the program was mended"),
        ("discard", "give a stream's parked events up: the view goes on without them; a rebuild meets them again"),
        ("redact", "take fields out of a parked event's copy, and fold its stream; the fact itself stays as it was recorded"),
    ):
        verb = verbs.add_parser(name, help=said, description=said)
        ask_common(verb, act=name != "list")
        verb.add_argument("view", nargs="?" if name in ("list", "retry") else None, help="a view's name, or the key of one that stands")
        if name != "list":
            verb.add_argument("stream", nargs="?" if name == "retry" else None, help="the stream; all of them where none is named")
        if name == "redact":
            verb.add_argument("--version", type=int, required=True, help="which event of the stream, as `list` shows it")
            verb.add_argument("--remove", action="append", default=[], metavar="POINTER", help="a field to take out, such as /note")
            verb.add_argument("--null", action="append", default=[], metavar="POINTER", help="a field to set to null")
    asked = asking.parse_args(arguments)
    return {"list": _list, "retry": _retry, "discard": _discard, "redact": _redact}[asked.verb](desk, asked, Told(asked.json))


def _list(desk: Desk, asked: argparse.Namespace, told: Told) -> int:
    found: list[ParkedStream] = []
    for view in _views(desk, asked.view):
        for stream, events in sorted(desk.ports.views.parked_streams(view).items()):
            first, *_ = desk.ports.views.parked(view, stream)
            found.append(
                ParkedStream(view=view.key, stream=stream, events=events, version=first.version, type=first.type, reason=first.reason)
            )
    rows = [["view", "stream", "events", "version", "type", "reason"]]
    rows += ([each.view, each.stream, f"{each.events:,}", str(each.version), each.type, each.reason] for each in found)
    told.answer(found, table(rows, frozenset({2, 3})) if found else ["Nothing is parked."])
    return 0


def _retry(desk: Desk, asked: argparse.Namespace, told: Told) -> int:
    done: list[Operation] = []
    failed: list[str] = []
    for view in _views(desk, asked.view):
        for stream in sorted(_streams(desk, view, asked.stream)):
            try:
                folded = _folded(desk, view, stream)
            except Unavailable:
                raise
            except Exception as problem:  # noqa: BLE001 -- whatever the fold raises, the others are tried
                failed.append(f"{view.key} {stream}: {type(problem).__name__}: {problem}")
                continue
            event = StreamRetried(by=asked.by, reason=asked.reason, view=view.key, stream=stream, folded=folded)
            desk.record(view.name, event)
            done.append(event)
    lines = [f"{each.view} {each.stream}: {each.folded:,} events folded" for each in done if isinstance(each, StreamRetried)]
    told.answer({"retried": done, "failed": failed}, [*lines, *(f"stays parked: {each}" for each in failed)] or ["Nothing is parked."])
    return 1 if failed else 0


def _folded(desk: Desk, view: View[Any], stream: str) -> int:
    """Once more after a moment: a worker may just then have parked an event behind those that were folded."""
    projection, folded = desk.projection(view.name), 0
    while again := fold_again(projection, view, desk.ports.views, stream):
        folded += again
        if not desk.ports.views.attending(view.name):
            break
        time.sleep(FOLLOWERS)
    return folded


def _discard(desk: Desk, asked: argparse.Namespace, told: Told) -> int:
    done: list[StreamDiscarded] = []
    for view in _holding(desk, asked):
        discarded = give_up(view, desk.ports.views, asked.stream)
        _followers(desk, view, asked.stream)
        event = StreamDiscarded(by=asked.by, reason=asked.reason, view=view.key, stream=asked.stream, discarded=discarded)
        desk.record(view.name, event)
        done.append(event)
    told.answer(done, [f"{each.view} {each.stream}: {each.discarded:,} events given up" for each in done])
    return 0


def _followers(desk: Desk, view: View[Any], stream: str) -> None:
    """A worker may just then have parked an event behind those that were given up: that one is folded."""
    if desk.ports.views.attending(view.name):
        time.sleep(FOLLOWERS)
        try:
            _folded(desk, view, stream)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 -- it cannot be folded either
            sys.stderr.write(f"{view.key} {stream}: an event that came meanwhile is parked; see `parked list`\n")


def _redact(desk: Desk, asked: argparse.Namespace, told: Told) -> int:
    fields: list[str] = [*asked.remove, *asked.null]
    if not fields:
        raise Refused("Name what to take out: --remove POINTER or --null POINTER, such as --remove /note")
    done: list[StreamRedacted] = []
    for view in _holding(desk, asked):
        folded = _redacted(desk, desk.projection(view.name), view, asked)
        event = StreamRedacted(
            by=asked.by, reason=asked.reason, view=view.key, stream=asked.stream, version=asked.version, fields=tuple(fields), folded=folded
        )
        desk.record(view.name, event)
        done.append(event)
    told.answer(done, [f"{each.view} {each.stream}/{each.version}: redacted, {each.folded:,} events folded" for each in done])
    return 0


def _redacted(desk: Desk, projection: Projection[Any], view: View[Any], asked: argparse.Namespace) -> int:
    try:
        folded = take_out(projection, view, desk.ports.views, asked.stream, asked.version, asked.remove, asked.null)
        return folded + _folded(desk, view, asked.stream)
    except (NotParked, NotPast, NotRedactable, Unavailable) as problem:
        raise Refused(f"{problem}.") from problem
    except Exception as problem:
        raise Refused(f"Redacted as asked, and it still cannot be folded: {type(problem).__name__}: {problem}") from problem


def _views(desk: Desk, name: str | None) -> list[View[Any]]:
    names = [name] if name else sorted(each.name for each in desk.projections)
    return [view for each in names for view in desk.standing(each)]


def _streams(desk: Desk, view: View[Any], stream: str | None) -> list[str]:
    return [each for each in desk.ports.views.parked_streams(view) if stream in (None, each)]


def _holding(desk: Desk, asked: argparse.Namespace) -> list[View[Any]]:
    found = [view for view in _views(desk, asked.view) if _streams(desk, view, asked.stream)]
    if not found:
        raise Refused(f"{asked.stream} is not parked in {asked.view}. `parked list` shows what is.")
    return found
