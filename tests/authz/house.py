"""The three services over one folder, as their `create_app` makes them, and a caller of each kind at their doors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from flask import Flask
from msgspec import Struct

from tests.authz.callers import COLUMNS, OTHER, credentials
from tests.authz.world import World
from tests.unit.roster.packages import package
from waymark.plans.__main__ import SERVICE as PLANS
from waymark.reporting.__main__ import SERVICE as REPORTING
from waymark.roster.__main__ import SERVICE as ROSTER
from waymark.roster.api.wired import EXTENSION as IMPORTS
from waymark.service.main import Service

SERVICES: Final[tuple[Service[Any], ...]] = (ROSTER, PLANS, REPORTING)
REQUEST_ID: Final = "the-same-for-all"
"""With one request id for all, equal refusals are equal byte for byte."""


class Operation(Struct, frozen=True):
    """One operation of an OpenAPI document."""

    id: str
    method: str
    path: str
    successes: frozenset[int]
    queries: frozenset[str]


class House:
    """`world` and the services over it. Every service stands twice: counselors reach nobody, or their schools."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.world = folder, World(folder)
        self.credentials = credentials(self.world)
        self._apps = {each.name: self._apps_of(each) for each in SERVICES}
        self.world.here.catch_up()
        self.world.imports |= {letter: self._imported(caller) for letter, caller in (("I", "district-administrator"), ("J", OTHER))}

    def ask(self, caller: str, method: str, path: str, headers: Mapping[str, str] | None = None, column: str = "", **sent: Any) -> Any:
        """What this caller is answered (a TestResponse). `column` matters to counselors alone."""
        client = self.app(path.split("/")[1], column).test_client(use_cookies=False)
        whole = {"X-Request-Id": REQUEST_ID} | self.credentials[caller]() | dict(headers or {})
        answer = client.open(path, method=method, headers=whole, **sent)
        if method not in ("GET", "HEAD", "OPTIONS") and answer.status_code < 300:
            self.world.here.catch_up()
        return answer

    def app(self, service: str, column: str = "") -> Flask:
        return self._apps[service][column == "couns"]

    def heads(self) -> list[int]:
        """How much was ever written."""
        return [self.world.here.folder.store(each).head() for each in ("roster", "plans")]

    def settled(self) -> bool:
        """Waits until no import runs any more."""
        return self.app("roster").extensions[IMPORTS].runner.settle(30)

    def close(self) -> None:
        self.world.here.close()

    def _imported(self, caller: str) -> str:
        """An import of the caller's district. Too many students would leave by it: it is held for good."""
        answer = self.ask(caller, "POST", "/roster/v1/imports", data=package(), content_type="application/zip")
        assert answer.status_code == 202, answer.text
        assert self.settled()
        return answer.json["id"]

    def _apps_of(self, service: Service[Any]) -> tuple[Flask, Flask]:
        here, settings = self.world.here, self.world.here.settings(service.settings, folder=self.folder)
        ports = here.ports(service.name)
        schoolwide = here.folder.ports(service.name, ports.identity, counselors="school", clock=ports.clock)
        here.run(*service.create_workers(ports, here.folder.feeds))
        return service.create_app(ports, settings), service.create_app(schoolwide, settings)


def operations(app: Flask, service: str) -> Iterator[Operation]:
    """What the service's own document says that it does."""
    document = json.loads(app.test_client().get(f"/{service}/v1/openapi.json").data)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
                yield Operation(
                    operation["operationId"],
                    method.upper(),
                    path,
                    frozenset(int(status) for status in operation["responses"] if status.startswith("2")),
                    frozenset(each["name"] for each in parameters if each["in"] == "query"),
                )


def callers_of(column: str) -> tuple[str, ...]:
    return COLUMNS[column]
