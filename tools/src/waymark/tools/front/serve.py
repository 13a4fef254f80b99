"""The front under gunicorn."""

from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class _Server(BaseApplication):
    def __init__(self, app: "WSGIApplication", options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":
        return self._app


def serve(app: "WSGIApplication", listen: str) -> None:
    """Serve until a signal ends the process. A thread is busy for as long as its request is, so there are more of them than a service has."""
    _Server(
        app,
        {
            "bind": [listen],
            "workers": 1,
            "worker_class": "gthread",
            "threads": 32,
            "keepalive": 75,
            "limit_request_fields": 100,
            "limit_request_field_size": 8190,
            "limit_request_line": 8190,
            "control_socket_disable": True,
            "proc_name": "front",
        },
    ).run()
