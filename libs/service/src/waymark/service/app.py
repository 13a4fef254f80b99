"""A service's HTTP face: one Flask app from its blueprints, with everything that every service wears."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from flask import Flask as Flask  # the type that a service's own app.py names; Flask itself is imported in api/ alone

from waymark.service.blueprint import Blueprint
from waymark.service.context import EXTENSION, Installed
from waymark.service.openapi import serve_openapi
from waymark.service.ports import Ports
from waymark.service.problems import Refusal
from waymark.service.refusals import tell_problems
from waymark.service.requests import dress_requests
from waymark.service.settings import ServiceSettings

BODY: int = 2_000_000  # bytes, unless a route declares more


def create_api(
    title: str,
    ports: Ports,
    blueprints: Sequence[Blueprint],
    refusals: Mapping[type[Exception], Refusal],
    settings: ServiceSettings,
) -> Flask:
    """`refusals` is the one table of how the service's own exceptions are told; those of the engine and this library are known."""
    app = Flask(f"waymark.{ports.service}", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY
    app.config["MAX_FORM_PARTS"] = 20
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]  the default provider has it
    app.extensions[EXTENSION] = Installed(ports, settings, threading.Semaphore(max(1, settings.threads // 4)))
    dress_requests(app, ports.service)
    tell_problems(app, refusals)
    serve_openapi(app, title, ports.service, blueprints)
    return app
