"""`waymark <service> <verb>`, and `waymark status` for all services that are installed."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from typing import Any

from waymark.events.catalogue import TOPICS
from waymark.service.main import main as service_main
from waymark.service.operate.verbs import VERBS


def installed() -> list[str]:
    """The services of this installation."""
    return [each for each in TOPICS if importlib.util.find_spec(f"waymark.{each}")]


def main(arguments: Sequence[str]) -> int:
    """The exit code: of the service's command; of `status` the highest."""
    services = installed()
    first, rest = (arguments[0], arguments[1:]) if arguments else ("", ())
    if first == "status":
        return max((_run(each, arguments) for each in services), default=0)
    if first in services:
        return _run(first, rest)
    usage = f"usage: waymark status [--json]\n       waymark {'|'.join(services)} {'|'.join(VERBS)}|... [--help]\n"
    asked_for = first in ("-h", "--help")
    (sys.stdout if asked_for else sys.stderr).write(usage)
    return 0 if asked_for else 2


def _run(name: str, arguments: Sequence[str]) -> int:
    service: Any = importlib.import_module(f"waymark.{name}.__main__").SERVICE
    return service_main(service, arguments)


def run() -> None:
    """The console script."""
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
