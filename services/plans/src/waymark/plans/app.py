"""The only place where this service's parts are wired."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from waymark.events.feed import Feed
from waymark.events.worker import Worker
from waymark.plans.api import plans, scales, students, templates
from waymark.plans.api.reading import install
from waymark.plans.api.refusals import REFUSALS
from waymark.plans.erasing import answer
from waymark.plans.reactions import Moves
from waymark.plans.settings import Settings
from waymark.plans.views import OWN, ROSTER
from waymark.service.app import Flask, create_api
from waymark.service.directory_folds import DIRECTORY
from waymark.service.erasing import Erasing
from waymark.service.ports import Ports
from waymark.service.reacting import ReactingFeed

BLUEPRINTS = (scales.blueprint, templates.blueprint, students.blueprint, plans.blueprint)


def create_app(ports: Ports, settings: Settings) -> Flask:
    """The API."""
    app = create_api("Waymark plans", ports, BLUEPRINTS, REFUSALS, settings)
    install(app, ports)
    return app


def create_workers(ports: Ports, feeds: Mapping[str, Callable[[], Feed]]) -> list[Worker]:
    """Two threads: the roster's topic into the directory and places, the own store into lists. Where both disagree, people move;
    who was forgotten is erased, and the roster told so."""
    assert ports.store is not None, "plans records events"
    moves = Moves(ports.store, ports.views, ports.directory, ports.clock)
    erasing = Erasing(ports.store, ports.views, ports.keyring, answer(ports.store, ports.views))
    return [
        Worker(ReactingFeed(ReactingFeed(feeds["roster"](), moves), erasing), (*DIRECTORY, *ROSTER), ports.views),
        Worker(ReactingFeed(feeds["plans"](), moves), OWN, ports.views),
    ]
