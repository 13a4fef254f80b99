"""`python -m waymark.tools.front --listen 127.0.0.1:8400 --route /plans=http://127.0.0.1:8402 --static web/dist`."""

import argparse
import sys
from pathlib import Path

from waymark.service.gunicorn_conf import Server, configuration

from .proxy import front_app
from .routes import RouteRefused, route
from .static import static_app


def main(arguments: list[str] | None = None) -> int:
    """Serve until a signal ends the process; 2 if an argument is at fault."""
    parser = argparse.ArgumentParser(
        prog="python -m waymark.tools.front", description="One address for the browser: a reverse proxy, and the web application."
    )
    parser.add_argument("--listen", default="127.0.0.1:8400", metavar="HOST:PORT")
    parser.add_argument(
        "--route",
        action="append",
        default=[],
        metavar="/PREFIX=http://HOST:PORT",
        help="may be given several times; the longest prefix wins",
    )
    parser.add_argument("--static", type=Path, default=Path("web/dist"), metavar="FOLDER", help="the built web application (web/dist)")
    chosen = parser.parse_args(arguments)
    try:
        routes = [route(text) for text in chosen.route]
        if len({each.prefix for each in routes}) < len(routes):
            raise RouteRefused("a prefix is routed twice")
    except RouteRefused as refusal:
        print(f"front: {refusal}", file=sys.stderr)
        return 2
    # A thread is busy for as long as its request is, so there are more of them than a service has.
    Server(configuration(chosen.listen, threads=32), lambda: front_app(routes, static_app(chosen.static))).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
