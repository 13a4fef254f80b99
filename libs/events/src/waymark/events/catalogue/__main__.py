"""`python -m waymark.events.catalogue`: write the JSON Schemas and the pages of every event type, from the structs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from waymark.events.catalogue import EVENTS
from waymark.events.catalogue.pages import index, page
from waymark.events.catalogue.schemas import breaches, schema

SCHEMAS, PAGES, GOLDEN = Path("libs/events/schemas"), Path("docs/events"), Path("tests/unit/events/golden")
CHECKOUT = Path(__file__).parents[6]


def files(root: Path) -> Mapping[Path, str]:
    """Everything that is written, by its path below the repository's root. Reads the golden samples there."""
    made = {PAGES / "README.md": index()}
    for name, event in EVENTS.items():
        golden = json.loads((root / GOLDEN / f"{name}.json").read_text())
        made[SCHEMAS / f"{name}.json"] = json.dumps(schema(event), indent=2, ensure_ascii=False) + "\n"
        made[PAGES / f"{name}.md"] = page(event, golden)
    return made


def broken(root: Path) -> list[str]:
    """What the structs say now that a committed schema forbids: a published type's shape is for ever."""
    said: list[str] = []
    for committed in sorted((root / SCHEMAS).glob("*.json")):
        name = committed.stem
        if name not in EVENTS:
            said.append(f"{name}: the type is gone")
        else:
            said += [f"{name}: {each}" for each in breaches(json.loads(committed.read_text()), schema(EVENTS[name]))]
    return said


def main(root: Path) -> int:
    if said := broken(root):
        print("A published type changed in a way that its readers and its history do not bear:", *said, sep="\n  ", file=sys.stderr)
        print("Publish a new version of the type beside an upcaster. Nothing was written.", file=sys.stderr)
        return 1
    made = files(root)
    for path, text in made.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    print(f"{len(EVENTS)} event types: {SCHEMAS}, {PAGES}")
    return 0


if __name__ == "__main__":
    sys.exit(main(CHECKOUT))
