"""Every service in one process: apps behind one address, workers as threads. The wiring, and nothing else."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from waymark.events.worker import Worker
from waymark.plans.__main__ import SERVICE as PLANS
from waymark.reporting.__main__ import SERVICE as REPORTING
from waymark.roster.__main__ import SERVICE as ROSTER
from waymark.service.deployment import open_folder
from waymark.service.identity import Tokens
from waymark.service.main import Service
from waymark.service.ports import Ports
from waymark.service.settings import ServiceSettings, read_settings
from waymark.standalone.home import Home, the_web
from waymark.tools.front import static_app
from waymark.tools.issuer import KeyFile, PeopleFile
from waymark.tools.issuer import create_app as create_issuer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SERVICES: Sequence[Service[Any]] = (ROSTER, PLANS, REPORTING)
log = logging.getLogger(__name__)


class Platform:
    """The services of a home. Opening it sets the environment that their settings are read from."""

    def __init__(self, home: Home) -> None:
        os.environ.update(home.environment(os.environ))
        keys = KeyFile(home.issuer.keys)
        self.folder = folder = open_folder(read_settings(ServiceSettings))
        self.apps: dict[str, WSGIApplication] = {}
        self.workers: list[Worker] = []
        self.ports: dict[str, Ports] = {}
        for service in SERVICES:
            settings = read_settings(service.settings)
            identity = Tokens(lambda: keys.keys().published(), settings.issuer, settings.audience)
            ports = folder.ports(service.name, identity, counselors=settings.counselors)
            self.ports[service.name] = ports
            self.apps[f"/{service.name}/v1"] = service.create_app(ports, settings)
            self.workers += service.create_workers(ports, folder.feeds)
        self.apps["/issuer"] = create_issuer(home.issuer, PeopleFile(home.people))

    def wsgi(self) -> WSGIApplication:
        """One app for the whole address; what no service answers is the web application's."""
        return by_path(self.apps, static_app(the_web()))

    def start_workers(self, stop: threading.Event) -> list[threading.Thread]:
        """Fold in the background until `stop`."""
        threads = [
            threading.Thread(target=_kept_running, args=(worker, stop), name=f"worker-{at}", daemon=True)
            for at, worker in enumerate(self.workers)
        ]
        for each in threads:
            each.start()
        return threads

    def catch_up(self) -> None:
        """Fold everything there is, and what reactions to it write, before anybody looks."""
        for _ in range(2):
            for worker in self.workers:
                worker.catch_up()

    def close(self) -> None:
        """Place what waits, and let the files go."""
        self.folder.close()


def by_path(apps: Mapping[str, WSGIApplication], rest: WSGIApplication) -> WSGIApplication:
    """Send each request to the app whose prefix its path has."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        chosen = next((each for prefix, each in apps.items() if path == prefix or path.startswith(f"{prefix}/")), rest)
        return chosen(environ, start_response)

    return app


def _kept_running(worker: Worker, stop: threading.Event) -> None:
    """A worker that fails for a reason nobody foresaw is told in the log and begins again: the other threads go on."""
    while not stop.is_set():
        try:
            worker.run(stop)
        except Exception:
            log.exception("a worker failed and begins again")
            stop.wait(5)
