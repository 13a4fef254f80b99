"""What handlers read beside the views: kept rows and names, streams folded for one answer, and templates that no longer change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable
from datetime import datetime
from threading import Lock
from typing import Any, Final, TypeVar, cast

from flask import Flask, current_app

from waymark.events.catalogue.plans import Scale
from waymark.events.decide import load
from waymark.events.project import Projection
from waymark.events.views import MAX_FOUND
from waymark.plans.api.access import is_id
from waymark.plans.domain.template import Template
from waymark.plans.kept import KeptRows
from waymark.plans.names import Names
from waymark.plans.streams import SCALE, TEMPLATE, scale_stream, template_stream
from waymark.service.context import ports, scope, store
from waymark.service.ports import Ports

D = TypeVar("D")
EXTENSION: Final = "waymark.plans"
MOST_TEMPLATES: Final = 500  # published ones kept folded


class Reading:
    """What one process of this service keeps in memory."""

    def __init__(self, ports: Ports) -> None:
        self.rows, self.names = KeptRows(ports.views), Names(ports.views, ports.keyring)
        self._published: OrderedDict[tuple[str, str], tuple[Template, int]] = OrderedDict()
        self._lock = Lock()

    def template(self, district: str, name: str) -> tuple[Template | None, int]:
        """A template and its version. A published one never changes, and is kept."""
        with self._lock:
            kept = self._published.get((district, name))
        if kept is not None:
            return kept
        template, version = load(store(), template_stream(district, name), TEMPLATE)
        if template is not None and template.published is not None:
            with self._lock:
                self._published[district, name] = template, version
                while len(self._published) > MOST_TEMPLATES:
                    self._published.popitem(last=False)
        return template, version


def install(app: Flask, ports: Ports) -> None:
    app.extensions[EXTENSION] = Reading(ports)


def reading() -> Reading:
    return cast(Reading, current_app.extensions[EXTENSION])


def scales_named(names: Collection[str]) -> dict[str, Scale]:
    """Those of these scales that exist, as they are now."""
    streams = {name: scale_stream(scope().district, name) for name in names if is_id(name)}
    found = {name: load(store(), stream, SCALE)[0] for name, stream in streams.items()}
    return {name: state.definition for name, state in found.items() if state is not None}


def all_of(projection: Projection[D]) -> Iterable[D]:
    """Every document of a small view (scales, templates) of the caller's district."""
    after: str | None = None
    while True:
        page = ports().views.find(scope(), projection.view, {}, None, after, MAX_FOUND)
        yield from (document for _, document in page.documents)
        after = page.after
        if after is None:
            return


def person(ident: str, names: Any) -> dict[str, Any]:
    """A reference to a person; the name is null when it is redacted."""
    known = names.get(ident)
    return {"id": ident, "name": known.display if known else None}


def recorded_at(stream: str, version: int) -> datetime:
    """When the fact of this version was recorded."""
    return next(commit.at for commit in store().read(stream, 0) if commit.last_version >= version)
