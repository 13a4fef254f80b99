"""The golden samples: what was published once, and must be readable for ever."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from waymark.events.catalogue import decode
from waymark.events.envelope import Commit, Event, Meta

FOLDER = Path(__file__).parent / "golden"


class Golden(Struct, frozen=True, forbid_unknown_fields=True):
    """A type's file: events of one stream, from the least that may be said to all of it."""

    stream: str
    key: str
    samples: list[msgspec.Raw]

    def events(self, name: str) -> list[Event]:
        return [decode(name, each) for each in self.samples]

    def json(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(each) for each in self.samples]

    def commit(self, name: str) -> Commit:
        """The samples as a store has kept them, from before this program was started: bytes, not structs."""
        pairs = [[name, each] for each in self.samples]
        return Commit(
            position=7,
            stream=self.stream,
            version=3,
            count=len(pairs),
            key=self.key,
            commit_id="c",
            at=datetime(2026, 9, 30, 16, 5, 12, 250_000, tzinfo=UTC),
            meta=Meta(actor="a", fingerprint="f", traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            body=msgspec.json.format(msgspec.json.encode(pairs), indent=-1),
        )


def golden() -> dict[str, Golden]:
    """Every golden file, by type."""
    return {each.stem: msgspec.json.decode(each.read_bytes(), type=Golden) for each in sorted(FOLDER.glob("*.json"))}
