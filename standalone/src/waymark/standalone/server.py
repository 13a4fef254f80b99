"""The one process: gunicorn with threads, workers beside them, everything opened where it is used."""

from __future__ import annotations

import threading
from typing import Any

from gunicorn.app.base import BaseApplication

from waymark.service.logs import logging_config
from waymark.standalone.home import Home
from waymark.standalone.platform import Platform

THREADS = 16
JOIN_SECONDS = 10


class Server(BaseApplication):
    """Serves a home until Ctrl-C. Databases and threads belong to the worker process: nothing crosses the fork."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stop = threading.Event()
        self._platform: Platform | None = None
        self._threads: list[threading.Thread] = []
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": [f"{self._home.host}:{self._home.port}"],
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "preload_app": False,
            "timeout": 120,
            "graceful_timeout": 10,
            "keepalive": 75,
            "control_socket_disable": True,
            "limit_request_line": 8190,
            "limit_request_fields": 60,
            "accesslog": None,
            "logconfig_dict": logging_config("warning"),
            "worker_exit": self._close,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        self._platform = Platform(self._home)
        self._threads = self._platform.start_workers(self._stop)
        return self._platform.wsgi()

    def _close(self, _arbiter: Any, _worker: Any) -> None:
        self._stop.set()
        for each in self._threads:
            each.join(JOIN_SECONDS)
        if self._platform is not None:
            self._platform.close()
