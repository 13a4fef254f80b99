"""A service's command line: `python -m waymark.<service> api|worker|openapi|<verb>`."""

from __future__ import annotations

import logging
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Generic, TypeVar

from flask import Flask
from msgspec import Struct

from waymark.events.feed import Feed
from waymark.events.worker import Worker
from waymark.service.admin import API_OFFSET, WORKER_OFFSET, AdminServer
from waymark.service.deployment import Deployment, identity, open_deployment
from waymark.service.embedded import Folder
from waymark.service.health import Health, checks_of, checks_of_work
from waymark.service.logs import configure_logs
from waymark.service.operate.desk import Desk
from waymark.service.operate.verbs import UNUSED, VERBS, operate
from waymark.service.ports import Ports
from waymark.service.settings import ServiceSettings, SettingsWrong, example_settings, read_settings, shown

S = TypeVar("S", bound=ServiceSettings)
log = logging.getLogger(__name__)

Feeds = Mapping[str, Callable[[], Feed]]
"""By publishing service, what makes a feed of its events."""


class Service(Struct, Generic[S], frozen=True, kw_only=True):
    """What `python -m waymark.<name>` runs. `verbs`: further commands, each given ports, settings and its arguments."""

    name: str
    settings: type[S]
    create_app: Callable[[Ports, S], Flask]
    create_workers: Callable[[Ports, Feeds], list[Worker]]
    verbs: Mapping[str, Callable[[Ports, S, Sequence[str]], int]] = {}


def main(service: Service[Any], arguments: Sequence[str]) -> int:
    """Run one command; the exit code. 2: the command or the settings are wrong, told on standard error."""
    verb = arguments[0] if arguments else ""
    if verb == "openapi":
        sys.stdout.write(openapi(service))
        return 0
    if verb not in ("api", "worker", *service.verbs, *VERBS):
        known = "|".join(("api", "worker", "openapi", *service.verbs, *VERBS))
        sys.stderr.write(f"usage: python -m waymark.{service.name} {known}\n")
        return 2
    try:
        if verb in VERBS:
            return _operate(service, verb, arguments[1:])
        settings = read_settings(service.settings)
        configure_logs(settings.log_level, "stderr" if verb in service.verbs else "stdout")
        log.info("starting", extra={"service": service.name, "command": verb, "settings": shown(settings)})
        return _run(service, verb, arguments[1:], settings)
    except SettingsWrong as wrong:
        sys.stderr.write("".join(f"{each}\n" for each in wrong.problems))
        return 2


def _run(service: Service[Any], verb: str, arguments: Sequence[str], settings: ServiceSettings) -> int:
    if verb == "api":
        return _serve(service, settings)
    deployment = open_deployment(service.name, settings)
    try:
        if verb == "worker":
            return _work(service, deployment, settings)
        return service.verbs[verb](_ports(service, deployment, settings), settings, arguments)
    finally:
        deployment.close()


def _operate(service: Service[Any], verb: str, arguments: Sequence[str]) -> int:
    settings = read_settings(service.settings, UNUSED)
    configure_logs("critical", "stderr")  # what an operator must know is said in words
    if not settings.mongodb_url and not (settings.folder / "events.db").exists():
        raise SettingsWrong([f"WAYMARK_DATA is wrong: {settings.folder} holds no Waymark. It is the folder of the embedded databases."])
    deployment = open_deployment(service.name, settings)
    try:
        ports = _ports(service, deployment, settings)
        projections = [each for worker in service.create_workers(ports, deployment.feeds) for each in worker.projections]
        return operate(Desk(service=service.name, deployment=deployment, ports=ports, projections=projections), verb, arguments)
    finally:
        deployment.close()


def openapi(service: Service[Any]) -> str:
    """The service's OpenAPI document, made without settings and without databases of anyone's."""
    settings = example_settings(service.settings)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Folder(Path(scratch), b"\0" * 32)
        try:
            app = service.create_app(folder.ports(service.name, identity(settings)), settings)
            return app.test_client().get(f"/{service.name}/v1/openapi.json").text
        finally:
            folder.close()


def _ports(service: Service[Any], deployment: Deployment, settings: ServiceSettings) -> Ports:
    return deployment.ports(service.name, identity(settings), counselors=settings.counselors)


def _serve(service: Service[Any], settings: ServiceSettings) -> int:
    from waymark.service.gunicorn_conf import Server, configuration

    open_deployment(service.name, settings).close()  # a wrong setting stops the start here, not a worker again and again

    def make() -> Flask:
        ports = _ports(service, open_deployment(service.name, settings), settings)
        AdminServer(settings.bind, settings.port + API_OFFSET, Health(checks_of(ports))).start()
        return service.create_app(ports, settings)

    Server(configuration(f"{settings.bind}:{settings.port}", settings.threads, settings.log_level), make).run()
    return 0


def _work(service: Service[Any], deployment: Deployment, settings: ServiceSettings) -> int:
    """Fold and publish until SIGTERM or Ctrl-C. What fails ends the process: whoever started it starts it again."""
    stop, failed = threading.Event(), threading.Event()

    def watched(run: Callable[[threading.Event], None]) -> None:
        try:
            run(stop)
        except Exception:  # the thread's end is the process's
            log.exception("worker failed")
            failed.set()
        finally:
            stop.set()

    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, asked)
    ports = _ports(service, deployment, settings)
    loops = {f"folding-{each.projections[0].source}": each for each in service.create_workers(ports, deployment.feeds)}
    relay = deployment.relay()
    runs = {**{name: each.run for name, each in loops.items()}, **({} if relay is None else {"relay": relay.run})}
    threads = [threading.Thread(target=watched, args=(run,), name=name) for name, run in runs.items()]
    health = Health({**checks_of(ports), **checks_of_work(loops if relay is None else {**loops, "relay": relay})})
    admin = AdminServer(settings.bind, settings.port + WORKER_OFFSET, health)
    admin.start()
    for each in threads:
        each.start()
    stop.wait()
    for each in threads:
        each.join(timeout=20)
    admin.stop()
    return 1 if failed.is_set() else 0
