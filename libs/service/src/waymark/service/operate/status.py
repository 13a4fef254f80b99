"""`status`: how far everything is, what stands, and who works."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from waymark.events.project import Projection
from waymark.events.worker import live_view
from waymark.service.operate.desk import Asking, Desk, Told, table


class ViewStatus(Struct, frozen=True, kw_only=True):
    """`behind`: commits of a store, or about as many records of a topic. `parked`: streams of the live view."""

    name: str
    source: str
    live: str | None
    candidate: str | None
    previous: str | None
    building: str | None
    behind: int
    parked: int
    workers: int


class Status(Struct, frozen=True, kw_only=True):
    """`store` is the last position, null where the service has no store; `published` how far the topic is, null where the topic
    is the store itself."""

    service: str
    store: int | None
    published: int | None
    workers: int
    views: list[ViewStatus]


def status(desk: Desk, arguments: Sequence[str]) -> int:
    """Show how far everything is."""
    asked = Asking(
        desk, "status", "How far store, topic and views are, which views stand, what is parked, and whether workers run."
    ).parse_args(arguments)
    ports, publishing = desk.ports, desk.deployment.publishing()
    views = [_view(desk, each) for each in sorted(desk.projections, key=lambda each: each.name)]
    workers = {worker for each in desk.projections for worker in ports.views.attending(each.name)}
    found = Status(
        service=desk.service,
        store=None if ports.store is None else ports.store.head(),
        published=None if publishing is None else publishing.turn.published(),
        workers=len(workers),
        views=views,
    )
    Told(asked.json).answer(found, _lines(found))
    return 0


def _view(desk: Desk, projection: Projection[Any]) -> ViewStatus:
    views, live = desk.ports.views, live_view(projection, desk.ports.views)
    standing = views.standing(projection.name)
    return ViewStatus(
        name=projection.name,
        source=projection.source,
        live=standing.live,
        candidate=standing.candidate,
        previous=standing.previous,
        building=standing.building,
        behind=desk.deployment.waiting(projection.source, views.checkpoints(live, projection.source)),
        parked=len(views.parked_streams(live)),
        workers=len(views.attending(projection.name)),
    )


def _lines(found: Status) -> list[str]:
    facts = ["no store" if found.store is None else f"store at {found.store:,}"]
    if found.published is not None:
        facts.append(f"published to {found.published:,}")
    facts.append(f"{found.workers} worker{'' if found.workers == 1 else 's'}" if found.workers else "no worker is heard of")
    rows = [["view", "of", "live", "behind", "parked", "beside it"]]
    for each in found.views:
        beside = [
            f"{what} {key}"
            for what, key in (("candidate", each.candidate), ("previous", each.previous), ("building", each.building))
            if key
        ]
        rows.append([each.name, each.source, each.live or "none yet", f"{each.behind:,}", f"{each.parked:,}", ", ".join(beside)])
    return [f"{found.service}: {', '.join(facts)}", *(f"  {line}" for line in table(rows, frozenset({3, 4})))]
