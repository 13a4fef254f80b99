"""Build a projection anew from the first event, beside the live one, and flip the readers to it when it has caught up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from waymark.events.feed import Feed
from waymark.events.project import Projection, Projector
from waymark.events.views import View, Views
from waymark.events.worker import live_view

BATCH = 2000  # records


def rebuild(projection: Projection[Any], feed: Feed, views: Views, progress: Callable[[int, int], None]) -> View[Any]:
    """Returns the view that readers now get. The old one stays until it is dropped by hand.

    `progress(folded, waiting)` is called after each batch. An event type that this program does not know stops it
    (UnknownEvent) before anything is flipped; running it again goes on where it stopped.
    """
    live = live_view(projection, views)
    view = replace(projection.view, build=live.build + 1)
    projector = Projector(projection, views, view, strict=True)
    feed.start(projector.resume)
    folded = 0
    while True:
        batch = feed.poll(BATCH, 0)
        if not batch.records and feed.behind() == 0:
            break
        projector.apply(batch)
        folded += len(batch.records)
        progress(folded, feed.behind())
    views.flip(view.name, view.key)
    return view
