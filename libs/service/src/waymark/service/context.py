"""What a handler asks about the request it answers: the scope, the author, today, the ports."""

from __future__ import annotations

import threading
from datetime import date
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app, g, request
from msgspec import Struct

from waymark.events.catalogue.types import Author
from waymark.events.store import Store
from waymark.service.identity import PersonUnknown, Subject
from waymark.service.ports import Ports
from waymark.service.scope import Grant, Scope
from waymark.service.settings import ServiceSettings

EXTENSION = "waymark"


class Installed(Struct, frozen=True):
    """What `create_api` leaves in the app. `waiting` limits the threads that wait for a projection."""

    ports: Ports
    settings: ServiceSettings
    waiting: threading.Semaphore


def installed() -> Installed:
    return cast(Installed, current_app.extensions[EXTENSION])


def ports() -> Ports:
    """The current service's ports."""
    return installed().ports


def store() -> Store:
    """The current service's own store."""
    own = ports().store
    assert own is not None, "this service was wired without a store"
    return own


def scope() -> Scope:
    """The caller's scope, built once a request. Raises NotSignedIn, PersonUnknown, Unavailable."""
    if "scope" not in g:
        g.scope = _scope(subject())
    return cast(Scope, g.scope)


def subject() -> Subject:
    """Who the token says is asking. Raises NotSignedIn, Unavailable."""
    if "subject" not in g:
        g.subject = ports().identity.check(request.headers.get("Authorization"))
    return cast(Subject, g.subject)


def today() -> date:
    """The district's date."""
    if "today" not in g:
        zone = ports().directory.district(subject().district).time_zone
        g.today = ports().clock().astimezone(ZoneInfo(zone)).date()
    return cast(date, g.today)


def directory_stamp() -> str:
    """How far the directory had come when this request first asked."""
    if "directory_stamp" not in g:
        g.directory_stamp = ports().directory.stamp()
    return cast(str, g.directory_stamp)


def author(student: str | None = None) -> Author:
    """The caller as an author, in the role that reaches the student. Raises NotFound, RoleMayNot."""
    return scope().author(student)


def _scope(who: Subject) -> Scope:
    directory, keyring = ports().directory, ports().keyring
    login = keyring.login(who.district, who.sub)
    person = directory.by_login(who.district, login)
    if person is not None:
        return directory.build_scope(who.district, person, today(), directory_stamp())
    # Once the roster knows them, the roster decides: whom it disables, no setting lets in.
    if who.sub in installed().settings.bootstrap_admins and not directory.knows(who.district, login):
        reason = "named in WAYMARK_BOOTSTRAP_ADMINS"
        return Scope(
            district=who.district,
            person=keyring.person_id(who.district, who.sub),
            roles=("systemAdministrator",),
            grants=(Grant("systemAdministrator", reason),),
        )
    raise PersonUnknown
