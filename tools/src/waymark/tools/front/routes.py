"""Which paths go to which upstream."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit


class RouteRefused(Exception):
    """A route is not of the form PREFIX=http://HOST:PORT."""


@dataclass(frozen=True)
class Route:
    """Everything at or below a path prefix goes to one upstream, with its path unchanged."""

    prefix: str
    host: str
    port: int

    def takes(self, path: str) -> bool:
        """True for the prefix itself and for what lies below it, not for longer words."""
        return path == self.prefix or path.startswith(self.prefix + "/")


def route(text: str) -> Route:
    """Read `/plans=http://127.0.0.1:8402`. Raises RouteRefused."""
    prefix, _, address = text.partition("=")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if not prefix.startswith("/") or len(prefix) < 2 or prefix.endswith("/") or "?" in prefix:
        raise RouteRefused(f"{text!r}: a route begins with a path like /plans, without a closing slash")
    if parts.scheme != "http" or not parts.hostname or port is None or parts.path or parts.query or parts.username:
        raise RouteRefused(f"{text!r}: a route ends with an address like http://127.0.0.1:8402, with a port and without a path")
    return Route(prefix, parts.hostname, port)


def route_for(path: str, routes: Iterable[Route]) -> Route | None:
    """The route with the longest prefix that takes the path."""
    return max((each for each in routes if each.takes(path)), key=lambda each: len(each.prefix), default=None)
