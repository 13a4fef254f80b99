"""What a verb works with, how it is asked, and how it answers."""

from __future__ import annotations

import argparse
import sys
import time
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from waymark.events.catalogue.operations import DISTRICT, Operation
from waymark.events.decide import Aggregate, decide
from waymark.events.envelope import Meta
from waymark.events.project import Projection
from waymark.events.views import View
from waymark.service.deployment import Deployment
from waymark.service.ports import Ports

EVERY = 1.0  # seconds between lines about the progress of something long
_OPERATION: Aggregate[int] = Aggregate(evolve=lambda count, _: (count or 0) + 1)


class Refused(Exception):
    """It cannot be done as things are; the message says why and what to do. Exit code 1."""


class Desk(Struct, frozen=True, kw_only=True):
    """One service of a deployment, before an operator."""

    service: str
    deployment: Deployment
    ports: Ports
    projections: Sequence[Projection[Any]]

    def projection(self, name: str) -> Projection[Any]:
        """The projection of this name, or of a view's key. Raises Refused."""
        wanted = name.partition("@")[0]
        found = next((each for each in self.projections if each.name == wanted), None)
        if found is None:
            known = ", ".join(sorted(each.name for each in self.projections))
            raise Refused(f"{self.service} has no view {wanted!r}. It has: {known}")
        return found

    def standing(self, name: str) -> list[View[Any]]:
        """The views of this program's version that stand or are being built, the live one first; of a key, that one. Raises Refused."""
        projection = self.projection(name)
        standing = self.ports.views.standing(projection.name)
        keys = [each for each in (standing.live, standing.candidate, standing.previous, standing.building) if each]
        views = [each for each in map(projection.view.at, keys or [projection.view.key]) if each.version == projection.version]
        if "@" in name:
            views = [each for each in views if each.key == name]
            if not views:
                raise Refused(f"{name} does not stand. These do: {', '.join(keys)}")
        return views

    def record(self, what: str, event: Operation) -> None:
        """Say on the service's own store that it was done."""
        if self.ports.store is not None:
            decide(self.ports.store, f"{DISTRICT}/operation/{what}", _OPERATION, lambda _: [event], str(uuid.uuid4()), Meta())


class Asking(argparse.ArgumentParser):
    """A verb's arguments. An act also says by whom and why."""

    def __init__(self, desk: Desk, verb: str, description: str, act: bool = False) -> None:
        super().__init__(prog=f"python -m waymark.{desk.service} {verb}", description=description)
        ask_common(self, act)


def ask_common(parser: argparse.ArgumentParser, act: bool) -> None:
    """What every verb may be asked."""
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    if act:
        parser.add_argument("--by", default="operator", help="who does it, for the record: a role or a ticket, no name (operator)")
        parser.add_argument("--reason", default="", help="why, for the record, without personal data")


class Told:
    """Answers on standard output; progress on standard error, at most a line a second."""

    def __init__(self, json: bool) -> None:
        self._json = json
        self._said = 0.0
        self._began = time.monotonic()
        self.folded = 0
        self._pass = 0

    def say(self, line: str) -> None:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
        self._said = time.monotonic()

    def progress(self, folded: int, waiting: int) -> None:
        """How many records are folded of one pass, and how many wait."""
        self.folded += folded - (self._pass if folded > self._pass else 0)
        self._pass = folded
        if time.monotonic() - self._said > EVERY:
            pace = self.folded / (time.monotonic() - self._began)
            self.say(f"  {self.folded:,} folded, {waiting:,} wait ({pace:,.0f} a second)")

    def published(self, position: int, head: int) -> None:
        """How far a topic is written."""
        if time.monotonic() - self._said > EVERY:
            self.say(f"  {position:,} of {head:,} commits ({position / (time.monotonic() - self._began):,.0f} a second)")

    def answer(self, result: Any, lines: Iterable[str]) -> None:
        if self._json:
            sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        else:
            sys.stdout.write("".join(f"{each}\n" for each in lines))
        sys.stdout.flush()


def table(rows: Sequence[Sequence[str]], right: frozenset[int]) -> list[str]:
    """Lines of columns as wide as they must be; those in `right` are numbers."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            each.rjust(width) if at in right else each.ljust(width) for at, (each, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
