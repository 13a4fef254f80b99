"""The one process: gunicorn with threads, workers beside them, everything opened where it is used."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from waymark.service.gunicorn_conf import Server, configuration
from waymark.standalone.home import Home
from waymark.standalone.platform import Platform

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 16
JOIN_SECONDS = 10


def serve(home: Home) -> None:
    """Serve a home until Ctrl-C. Databases and threads belong to the worker process: nothing crosses the fork."""
    stop = threading.Event()
    opened: list[tuple[Platform, list[threading.Thread]]] = []

    def make() -> WSGIApplication:
        platform = Platform(home)
        opened.append((platform, platform.start_workers(stop)))
        return platform.wsgi()

    def close(_arbiter: Any, _worker: Any) -> None:
        stop.set()
        for platform, threads in opened:
            for each in threads:
                each.join(JOIN_SECONDS)
            platform.close()

    Server(configuration(f"{home.host}:{home.port}", THREADS, worker_exit=close, graceful_timeout=10), make).run()
