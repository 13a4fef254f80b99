# pyright: basic
# gunicorn carries no types, and the stubs that pyright brings are of an older one.
"""gunicorn as every API runs it: one worker with threads, its admin port beside it, and time to finish when asked to stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from waymark.service.admin import API_OFFSET, AdminServer
from waymark.service.context import EXTENSION
from waymark.service.gunicorn_worker import Worker
from waymark.service.health import Health, checks_of
from waymark.service.logs import logging_config
from waymark.service.settings import ServiceSettings


def configuration(settings: ServiceSettings) -> dict[str, Any]:
    """One worker: no shared metrics, one appender, one admin port. More capacity is more pods."""
    return {
        "bind": [f"{settings.bind}:{settings.port}"],
        "worker_class": Worker,  # gthread, refusing in our shape
        "workers": 1,
        "threads": settings.threads,
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
        "logconfig_dict": logging_config(settings.log_level),
    }


class Server(BaseApplication):
    """Runs the app that `make` builds, once the worker is there."""

    def __init__(self, settings: ServiceSettings, make: Callable[[], Flask]) -> None:
        self._settings, self._make = settings, make
        super().__init__()

    def load_config(self) -> None:
        for name, value in configuration(self._settings).items():
            self.cfg.set(name, value)
        self.cfg.set("post_worker_init", self._serve_admin)

    def load(self) -> Flask:
        return self._make()

    def _serve_admin(self, worker: Any) -> None:
        ports = worker.app.wsgi().extensions[EXTENSION].ports
        AdminServer(self._settings.bind, self._settings.port + API_OFFSET, Health(checks_of(ports))).start()
