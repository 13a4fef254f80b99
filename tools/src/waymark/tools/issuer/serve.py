"""The issuer under gunicorn: one worker, because codes and refresh tokens live in its memory."""

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication


class _Server(BaseApplication):
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def serve(app: Flask, listen: str) -> None:
    """Serve until a signal ends the process."""
    _Server(
        app,
        {
            "bind": [listen],
            "workers": 1,
            "worker_class": "gthread",
            "threads": 8,
            "keepalive": 75,
            "control_socket_disable": True,
            "proc_name": "issuer",
        },
    ).run()
