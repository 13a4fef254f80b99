"""Who is asking."""

from __future__ import annotations

from typing import Any

from waymark.roster.api.access import org_refs, person_ref
from waymark.roster.api.schemas import MeView
from waymark.service.blueprint import Blueprint
from waymark.service.context import ports, scope, today
from waymark.service.directory_folds import DIRECTORY
from waymark.service.read import AfterQuery, await_after
from waymark.service.scope import ADMINISTRATORS, EDUCATORS, SCHOOL_ADMINISTRATORS, NotFound, Scope

blueprint = Blueprint("me", __name__, description="Who is asking")


@blueprint.get("/roster/v1/me")
@blueprint.query(AfterQuery)
@blueprint.response(200, MeView)
def me(query: dict[str, Any]) -> dict[str, Any]:
    """The caller: roles held today, schools within reach, and what they may do."""
    caller, directory = scope(), ports().directory
    await_after(ports().views, *DIRECTORY)
    record = directory.district(caller.district)
    administers = caller.holds(*ADMINISTRATORS)
    schools = sorted(directory.schools(caller).values(), key=lambda each: (each.name, each.id))
    return {
        "person": person_ref(caller.person, directory.names(caller, [caller.person])),
        "roles": _roles(caller),
        "district": {
            "id": caller.district,
            "name": record.name,
            "time_zone": record.time_zone,
            "locale": record.locale,
            "today": today(),
        },
        "schools": [{"id": each.id, "name": each.name} for each in schools],
        "may": {
            "administer": administers,
            "import_": administers,
            "build_templates": caller.holds(*ADMINISTRATORS, *SCHOOL_ADMINISTRATORS),
            "assign": any(each.role in EDUCATORS and each.students != frozenset() for each in caller.grants),
            "forget": administers,
        },
    }


def _roles(caller: Scope) -> list[dict[str, Any]]:
    try:
        person = ports().directory.person(caller, caller.person)
    except NotFound:  # named in WAYMARK_BOOTSTRAP_ADMINS, and in no roster yet
        name = ports().directory.district(caller.district).name
        return [{"role": each, "org": {"id": caller.district, "name": name}} for each in caller.roles]
    held = [each for each in person.roles if each.dates.cover(today())]
    orgs = org_refs(caller, {each.org for each in held})
    return [{"role": each.role, "org": orgs[each.org]} for each in held]
