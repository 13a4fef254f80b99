"""From an opened package to a plan: places in memory, people in the staging file."""

from __future__ import annotations

from collections.abc import Callable

from waymark.roster.importing.identities import RunSeal
from waymark.roster.importing.people import Loader, Names
from waymark.roster.importing.places import Places, read_places
from waymark.roster.importing.planning import PeoplePlan
from waymark.roster.importing.surroundings import Surroundings
from waymark.roster.package.findings import Report
from waymark.roster.package.reader import Package
from waymark.roster.staging.rows import Staging

Step = Callable[[str], None]


def read_into(
    package: Package, staging: Staging, around: Surroundings, district: str, report: Report, step: Step
) -> tuple[PeoplePlan, dict[str, int]]:
    """Read every file that counts; `step` is told of each before it is read. Returns the plan and the rows by file.

    Raises PackageRefused.
    """
    places: Places = read_places(package, around.organisations(district), around.sections(district), report, step)
    seal = RunSeal()
    keyring = around.keyring
    known: dict[str, str] = {}

    def person(source: str) -> str:
        # Everybody is named in several files: their id is made once.
        if source not in known:
            known[source] = keyring.person_id(district, source)
        return known[source]

    names = Names(
        person=person,
        login=lambda subject: keyring.login(district, subject),
        seal=seal.seal,
        login_field=around.login_field,
    )
    loader = Loader(package, staging, names, places, lambda: around.people(district), report)
    coverage = loader.load(step)
    plan = PeoplePlan(district=district, places=places, coverage=coverage, seal=seal, keyring=keyring, today=around.today(district))
    return plan, places.rows | loader.rows
