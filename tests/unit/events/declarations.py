"""`python -m tests.unit.events.declarations`: what every projection folds and how, as digests in declarations.json.

A fold that changes without a new version would leave documents that were made by two folds: what is behind the checkpoint stays as
the old one made it. So a digest of each declaration is committed, and may change only together with its version.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, convert, to_builtins

from tests.unit.events.reached import reached
from waymark.events.project import Projection

FILE = Path(__file__).with_suffix(".json")


class Declared(Struct, frozen=True):
    version: int
    digest: str


def everything() -> dict[str, Projection[Any]]:
    """Every service's projections, and the directory's once."""
    from waymark.plans import views as plans
    from waymark.reporting import views as reporting
    from waymark.roster import views as roster
    from waymark.service.directory_folds import DIRECTORY

    owners: dict[str, Iterable[Projection[Any]]] = {
        "directory": DIRECTORY,
        "roster": roster.PROJECTIONS,
        "plans": plans.PROJECTIONS,
        "reporting": reporting.PROJECTIONS,
    }
    return {
        f"{owner}/{each.name}": each
        for owner, projections in owners.items()
        for each in projections
        if owner == "directory" or all(each is not other for other in DIRECTORY)
    }


def declared(projection: Projection[Any]) -> Declared:
    """Types, keys, fold and document: all that a version stands for."""
    said = [
        projection.name,
        projection.source,
        sorted(each.type for each in projection.types),
        projection.indexes,
        projection.about,
        *(reached(each) for each in (projection.keys, projection.evolve, projection.document)),
    ]
    return Declared(projection.version, hashlib.sha256(json.dumps(said).encode()).hexdigest())


def committed() -> dict[str, Declared]:
    return convert(json.loads(FILE.read_text()), dict[str, Declared]) if FILE.exists() else {}


def unversioned(before: Mapping[str, Declared], now: Mapping[str, Declared]) -> Iterator[str]:
    """What changed without a new version."""
    for name, each in now.items():
        known = before.get(name)
        if known and known.digest != each.digest and each.version <= known.version:
            yield f"{name}: its fold, types, document or indexes changed, and its version is still {each.version}"
        elif known and each.version < known.version:
            yield f"{name}: version {each.version} after {known.version}"


def main() -> int:
    now = {name: declared(each) for name, each in everything().items()}
    if wrong := list(unversioned(committed(), now)):
        print("Give these a new version; it is built beside the live one:", *wrong, sep="\n  ", file=sys.stderr)
        print("Nothing was written.", file=sys.stderr)
        return 1
    FILE.write_text(json.dumps(to_builtins(now), indent=2, sort_keys=True) + "\n")
    print(f"{len(now)} projections: {FILE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
