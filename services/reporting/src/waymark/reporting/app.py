"""The only place where this service's parts are wired."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from waymark.events.feed import Feed
from waymark.events.worker import Worker
from waymark.reporting.api import bars, filters, history, students
from waymark.reporting.api.access import install
from waymark.reporting.api.refusals import REFUSALS
from waymark.reporting.erasing import answer
from waymark.reporting.names import Names
from waymark.reporting.reports import Reports
from waymark.reporting.settings import Settings
from waymark.reporting.views import OF_PLANS
from waymark.service.app import Flask, create_api
from waymark.service.directory_folds import DIRECTORY
from waymark.service.erasing import Erasing
from waymark.service.ports import Ports
from waymark.service.reacting import ReactingFeed

BLUEPRINTS = (bars.blueprint, students.blueprint, history.blueprint, filters.blueprint)


def create_app(ports: Ports, settings: Settings) -> Flask:
    """The API."""
    app = create_api("Waymark reporting", ports, BLUEPRINTS, REFUSALS, settings)
    install(app, Reports(ports.views, ports.directory, settings.memory), Names(ports.views, ports.directory))
    return app


def create_workers(ports: Ports, feeds: Mapping[str, Callable[[], Feed]]) -> list[Worker]:
    """A thread a topic. Who was forgotten is erased, and the roster told so."""
    assert ports.store is not None, "reporting records what it erased"
    erasing = Erasing(ports.store, ports.views, ports.keyring, answer(ports.views))
    return [
        Worker(feeds["plans"](), OF_PLANS, ports.views),
        Worker(ReactingFeed(feeds["roster"](), erasing), DIRECTORY, ports.views),
    ]
