"""Forgetting people."""

from __future__ import annotations

from typing import Any

from waymark.roster.api.access import administering, known_id
from waymark.roster.api.schemas import ForgetBody, ForgottenView
from waymark.roster.api.wired import wired
from waymark.roster.forgetting import PERSON, forget
from waymark.service.blueprint import Blueprint
from waymark.service.context import ports, store
from waymark.service.write import write

blueprint = Blueprint("people", __name__, description="Forgetting people")


@blueprint.post("/roster/v1/people/<person>/forget")
@blueprint.arguments(ForgetBody)
@blueprint.response(200, ForgottenView)
def forget_person(body: dict[str, Any], person: str) -> dict[str, Any]:
    """Make everything that names a person unreadable, everywhere and for good. Counts stay right."""
    caller = administering()
    forget(
        store(),
        ports().keyring,
        wired().runner.spool,
        caller.district,
        known_id(person),
        caller.person,
        body["reason"],
        lambda stream, decision: write(stream, PERSON, decision),
    )
    return {"id": person, "forgotten": True}
