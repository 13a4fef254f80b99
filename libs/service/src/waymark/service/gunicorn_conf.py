# pyright: basic
# gunicorn carries no types.
"""gunicorn as everything here runs it: one worker with threads, and time to finish when asked to stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from waymark.service.gunicorn_worker import Worker
from waymark.service.logs import logging_config

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def configuration(listen: str, threads: int, log_level: str = "warning", **changed: Any) -> dict[str, Any]:
    """One worker: no shared metrics, one appender, one admin port. More capacity is more pods. `listen` is host:port."""
    return {
        "bind": [listen],
        "worker_class": Worker,  # gthread, refusing in our shape
        "workers": 1,
        "threads": threads,
        "preload_app": False,  # databases and threads are opened where they are used: in the worker
        "graceful_timeout": 25,  # seconds for running requests after SIGTERM
        "timeout": 60,  # of the worker's heartbeat; requests have their own limits
        "keepalive": 75,  # above what gateways keep idle connections for
        "control_socket_disable": True,
        "limit_request_line": 8190,
        "limit_request_fields": 60,
        "limit_request_field_size": 16380,
        "forwarded_allow_ips": "",  # nothing here believes a forwarded address
        "accesslog": None,
        "logconfig_dict": logging_config(log_level),
    } | changed


class Server(BaseApplication):
    """Runs the app that `make` builds, once the worker is there."""

    def __init__(self, options: dict[str, Any], make: Callable[[], WSGIApplication]) -> None:
        self._options, self._make = options, make
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        return self._make()
