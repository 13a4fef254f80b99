"""The district's own record."""

from __future__ import annotations

from typing import Any

from flask import g

from waymark.events.decide import load
from waymark.roster import streams
from waymark.roster.api.access import administering
from waymark.roster.api.schemas import DistrictBody, DistrictView
from waymark.roster.domain import district as domain
from waymark.roster.domain.district import District
from waymark.roster.importing.surroundings import DISTRICT
from waymark.service.blueprint import Blueprint
from waymark.service.context import ports, scope, store
from waymark.service.problems import Fault, Problem
from waymark.service.write import expected_version, write

blueprint = Blueprint("district", __name__, description="The district's record")


@blueprint.get("/roster/v1/district")
@blueprint.response(200, DistrictView)
def get_district() -> dict[str, Any]:
    """The district's name, time zone and language."""
    district = scope().district
    known, version = load(store(), streams.district(district), DISTRICT)
    if known is None:
        assumed = ports().directory.district(district)
        return _shown(district, District(assumed.name, assumed.time_zone, assumed.locale))
    g.etag = f'"{version}"'
    return _shown(district, known)


@blueprint.put("/roster/v1/district")
@blueprint.arguments(DistrictBody)
@blueprint.response(200, DistrictView)
@blueprint.refuses(428)
def describe_district(body: dict[str, Any]) -> dict[str, Any]:
    """Describe the district. Once it is described, If-Match is needed."""
    district = administering().district

    def decision(known: District | None) -> list[Any]:
        if known is not None and expected_version() is None:
            fault = Fault("header:If-Match", "required", "missing")
            raise Problem(
                428, "if-match-missing", "If-Match is needed", "Send If-Match with the ETag of what you have seen.", errors=[fault]
            )
        return domain.describe(known, body["name"].strip(), body["time_zone"], body["locale"])

    decided = write(streams.district(district), DISTRICT, decision)
    assert decided.state is not None
    return _shown(district, decided.state)


def _shown(district: str, record: District) -> dict[str, Any]:
    return {"id": district, "name": record.name, "time_zone": record.time_zone, "locale": record.locale}
