"""The ledger of erasures: who was forgotten, and who has answered."""

from __future__ import annotations

from typing import Any

from waymark.roster.api.access import administering, person_ref
from waymark.roster.api.schemas import ErasureList
from waymark.roster.erasures import ANSWERS, Answered, Erasure, erasures, forgotten_people
from waymark.service.blueprint import Blueprint
from waymark.service.context import ports
from waymark.service.directory import Name
from waymark.service.read import PageQuery, after_of, await_after, page

blueprint = Blueprint("erasures", __name__, description="Who was forgotten, and who has answered")


@blueprint.get("/roster/v1/erasures")
@blueprint.query(PageQuery)
@blueprint.response(200, ErasureList)
def list_erasures(query: dict[str, Any]) -> dict[str, Any]:
    """Those who were forgotten, the latest first, and for each service when it said that it erased what it kept, or since when it has not."""
    caller = administering()
    behind = await_after(ports().views, forgotten_people, *ANSWERS)
    found, after = erasures(ports().views, caller.district, after_of(query), query["limit"])
    names = ports().directory.names(caller, {each.forgotten.by for each in found if each.forgotten.by})
    return page([_view(each, names) for each in found], after, behind)


def _view(erasure: Erasure, names: dict[str, Name]) -> dict[str, Any]:
    forgotten = erasure.forgotten
    return {
        "person": forgotten.person,
        "forgotten_at": forgotten.at,
        "by": person_ref(forgotten.by, names) if forgotten.by else None,
        "complete": all(erasure.answers.values()),
        "services": [_answer(service, answer, erasure) for service, answer in erasure.answers.items()],
    }


def _answer(service: str, answer: Answered | None, erasure: Erasure) -> dict[str, Any]:
    if answer is None:
        return {"service": service, "erased_at": None, "waiting_since": erasure.forgotten.at, "erased": {}}
    return {"service": service, "erased_at": answer.at, "waiting_since": None, "erased": answer.erased}
