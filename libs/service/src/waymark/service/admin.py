"""The admin port: /livez, /readyz, /startupz and /metrics, on threads of their own, so that a busy service still answers them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import msgspec
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder

from waymark.service.health import Health

API_OFFSET: Final = 100  # the admin port of an API, above its own
WORKER_OFFSET: Final = 200  # of a worker


class AdminServer:
    """Serves one process's health and metrics. Port 0: any free one, in `port`."""

    def __init__(self, host: str, port: int, health: Health) -> None:
        self._server = ThreadingHTTPServer((host, port), _requests(health))
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._health = health

    def start(self) -> None:
        """Begin to check and to answer."""
        self._health.start()
        threading.Thread(target=self._server.serve_forever, args=(0.1,), name="admin", daemon=True).start()

    def stop(self) -> None:
        """Not ready any more, and no more answers."""
        self._health.stop()
        self._server.shutdown()
        self._server.server_close()


# Alive is who answers: a database that is away is no reason to be killed.
_STATES: Final[Mapping[str, Callable[[Health], bool]]] = {
    "/livez": lambda _: True,
    "/readyz": lambda health: health.ready,
    "/startupz": lambda health: health.started,
}


def _requests(health: Health) -> type[BaseHTTPRequestHandler]:
    class Requests(BaseHTTPRequestHandler):
        server_version, sys_version = "waymark", ""
        timeout = 5

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/metrics":
                encode, media_type = choose_encoder(self.headers.get("Accept", ""))
                self._answer(200, media_type, encode(REGISTRY))
            elif path in _STATES:
                good = _STATES[path](health)
                content: Mapping[str, object] = {"ok": good, "checks": health.standing()}
                self._answer(200 if good else 503, "application/json", msgspec.json.encode(content))
            else:
                self._answer(404, "text/plain; charset=utf-8", b"/livez /readyz /startupz /metrics\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the standard library's
            """A probe every few seconds is not news."""

        def _answer(self, status: int, media_type: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Requests
