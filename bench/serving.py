"""One gunicorn worker of plans over a home's folder, with a route beside the real ones that answers a constant."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from bench.district import home
from waymark.service.gunicorn_conf import Server, configuration
from waymark.standalone.platform import Platform

CONSTANT = "/plans/v1/bench-constant"
THREADS = 12


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])

    def make() -> Any:
        app: Any = Platform(home(folder)).apps["/plans/v1"]

        def constant() -> tuple[dict[str, str], int]:
            return {"answer": "constant"}, 201

        app.add_url_rule(CONSTANT, view_func=constant, methods=["POST"])
        return app

    Server(configuration(f"127.0.0.1:{port}", THREADS), make).run()


if __name__ == "__main__":
    main()
