"""The only place where this service's parts are wired."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from waymark.events.feed import Feed
from waymark.events.worker import Worker
from waymark.roster.api import district, erasures, imports, me, people, sections, students
from waymark.roster.api.refusals import REFUSALS
from waymark.roster.api.wired import Wired, install
from waymark.roster.domain.district import District, TimeZoneUnknown, describe
from waymark.roster.erasures import ANSWERS
from waymark.roster.importing.runner import Runner
from waymark.roster.importing.spool import Spool
from waymark.roster.importing.surroundings import Surroundings
from waymark.roster.sections import Sections
from waymark.roster.settings import Settings
from waymark.roster.students import Students
from waymark.roster.views import OWN
from waymark.service.app import Flask, create_api
from waymark.service.ports import Ports
from waymark.service.settings import SettingsWrong

BLUEPRINTS = (
    me.blueprint,
    district.blueprint,
    imports.blueprint,
    sections.blueprint,
    students.blueprint,
    people.blueprint,
    erasures.blueprint,
)


def surroundings(ports: Ports, settings: Settings) -> Surroundings:
    """What imports stand on. Raises SettingsWrong."""
    assert ports.store is not None, "the roster records events"
    try:
        describe(None, settings.district_name, settings.time_zone, settings.locale)
    except TimeZoneUnknown as problem:
        raise SettingsWrong(
            [f"WAYMARK_DISTRICT_TIME_ZONE is wrong: there is no time zone {problem}. Example: America/New_York"]
        ) from problem
    return Surroundings(
        store=ports.store,
        views=ports.views,
        keyring=ports.keyring,
        clock=ports.clock,
        folder=settings.imports_folder,
        described=District(settings.district_name, settings.time_zone, settings.locale),
        share=settings.leaving_share,
        login_field=settings.person_field,
    )


def create_app(ports: Ports, settings: Settings) -> Flask:
    """The API. Imports run in a thread of its process."""
    app = create_api("Waymark roster", ports, BLUEPRINTS, REFUSALS, settings)
    around = surroundings(ports, settings)
    runner = Runner(around, Spool(around.folder, ports.keyring))
    install(app, Wired(around, runner, Students(ports.views, ports.directory), Sections(ports.views, ports.directory)))
    return app


def create_workers(ports: Ports, feeds: Mapping[str, Callable[[], Feed]]) -> list[Worker]:
    """A thread for the roster's own events: what imports compare with, the imports, and the directory. And one for each service
    that answers when somebody is forgotten."""
    answering = [Worker(feeds[each.source](), (each,), ports.views) for each in ANSWERS]
    return [Worker(feeds["roster"](), OWN, ports.views), *answering]
