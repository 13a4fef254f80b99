"""The smallest service that wears everything: scales of points, written, read and listed. For the tests of the library alone."""

from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma
from flask import Flask
from marshmallow import validate
from msgspec import Struct

from waymark.events.catalogue.plans import PointsScale, ScaleDefined, ScaleRevised
from waymark.events.decide import Aggregate, load
from waymark.events.envelope import Event, Recorded
from waymark.events.feed import Feed
from waymark.events.keys import PersonForgotten
from waymark.events.project import Projection
from waymark.events.store import Unavailable
from waymark.events.worker import Worker
from waymark.service.app import create_api
from waymark.service.blueprint import Blueprint, body_limit
from waymark.service.context import author, ports, scope, store
from waymark.service.ports import Ports
from waymark.service.problems import Refusal
from waymark.service.read import PageQuery, after_of, answer_version, await_after, page, page_of
from waymark.service.scope import ADMINISTRATORS, NotFound
from waymark.service.settings import ServiceSettings
from waymark.service.write import if_match, new_id, write, write_many


class Scale(Struct, frozen=True, kw_only=True):
    id: str
    title: str
    maximum: float


class Unchanged(Exception):
    """A refusal of the domain."""


def evolve(scale: Scale | None, event: Any) -> Scale | None:
    return Scale(id=event.scale, title=event.definition.title, maximum=event.definition.maximum)


aggregate: Aggregate[Scale] = Aggregate(evolve=evolve)


def _fold(key: str, scale: Scale | None, recorded: Recorded) -> Scale | None:
    return evolve(scale, recorded.event)


listed: Projection[Scale] = Projection(
    name="scales",
    version=1,
    source="plans",
    types=(ScaleDefined, ScaleRevised),
    document=Scale,
    keys=lambda recorded: (recorded.stream,),
    evolve=_fold,
    indexes=(("title",),),
)


class ScaleBody(ma.Schema):
    title = ma.fields.String(required=True, validate=validate.Length(1, 40))
    maximum = ma.fields.Float(load_default=10.0, validate=validate.Range(1, 1000))
    kind = ma.fields.String(allow_none=True, validate=validate.OneOf(["points", "levels"]))
    tags = ma.fields.List(ma.fields.String(validate=validate.Length(max=5)))


class Many(ma.Schema):
    scales = ma.fields.List(ma.fields.Nested(ScaleBody), required=True, validate=validate.Length(1, 50))


class ScaleView(ma.Schema):
    id = ma.fields.String()
    title = ma.fields.String()
    maximum = ma.fields.Float()


class Search(PageQuery):
    title = ma.fields.String()
    school = ma.fields.List(ma.fields.String())


blueprint = Blueprint("scales", __name__, description="Scales")


def _stream(scale: str) -> str:
    return f"{scope().district}/scale/{scale}"


def _definition(body: Mapping[str, Any]) -> PointsScale:
    return PointsScale(title=body["title"], minimum=0, maximum=body["maximum"])


@blueprint.post("/plans/v1/scales")
@blueprint.arguments(ScaleBody)
@blueprint.response(201, ScaleView)
def create_scale(body: Mapping[str, Any]) -> Any:
    """Create a scale."""
    scope().require(*ADMINISTRATORS)
    scale = new_id()
    events = [ScaleDefined(scale=scale, definition=_definition(body), by=author())]
    return write(_stream(scale), aggregate, lambda _: events).state


@blueprint.put("/plans/v1/scales/<scale>")
@if_match
@blueprint.arguments(ScaleBody)
@blueprint.response(200, ScaleView)
@blueprint.refuses(409)
def revise_scale(body: Mapping[str, Any], scale: str) -> Any:
    """Say something else."""

    def revise(known: Scale | None) -> list[Event]:
        if known is None:
            raise NotFound(scale)
        if known.title == body["title"]:
            raise Unchanged("The title is the same.")
        return [ScaleRevised(scale=scale, definition=_definition(body), by=author())]

    return write(_stream(scale), aggregate, revise).state


@blueprint.post("/plans/v1/scales/many")
@body_limit(3_000_000)
@blueprint.arguments(Many)
@blueprint.response(200)
def create_many(body: Mapping[str, Any]) -> Any:
    """Create several."""
    by = author()

    def defining(scale: str, each: Mapping[str, Any]) -> Callable[[Scale | None], list[Event]]:
        return lambda known: [] if known else [ScaleDefined(scale=scale, definition=_definition(each), by=by)]

    named = {new_id(at): each for at, each in enumerate(body["scales"])}
    decided = write_many(aggregate, {_stream(scale): defining(scale, each) for scale, each in named.items()})
    return {"versions": [each.version for each in decided.values()], "repeated": [each.repeated for each in decided.values()]}


@blueprint.get("/plans/v1/scales/<scale>")
@blueprint.response(200, ScaleView)
def get_scale(scale: str) -> Any:
    """One scale."""
    known, version = load(store(), _stream(scale), aggregate)
    if known is None:
        raise NotFound(scale)
    answer_version(version)
    return known


@blueprint.get("/plans/v1/scales")
@blueprint.query(Search)
@blueprint.response(200)
def list_scales(query: Mapping[str, Any]) -> Any:
    """The scales by title, a page."""
    behind = await_after(ports().views, listed)
    found = ports().views.find(scope(), listed.view, {}, "title", after_of(query), query["limit"])
    return page([ScaleView().dump(each) for _, each in found.documents], found.after, behind)


@blueprint.get("/plans/v1/scales-in-memory")
@blueprint.query(Search)
@blueprint.response(200)
def list_in_memory(query: Mapping[str, Any]) -> Any:
    """The scales, last title first."""
    found = ports().views.find(scope(), listed.view, {}, "title", None, 200).documents
    shown, answer = page_of([each for _, each in reversed(found)], lambda each: each.id, query, False)
    return answer | {"items": [each.title for each in shown]}


@blueprint.get("/plans/v1/students/<student>/reason")
@blueprint.response(200)
def why_student(student: str) -> Any:
    """Why the caller reaches a student, and as whom."""
    return {"why": scope().why(student), "role": author(student).role}


@blueprint.post("/plans/v1/faults/<kind>")
@blueprint.response(200)
def raise_fault(kind: str) -> Any:
    """Raise what a service may raise."""
    raise {
        "unavailable": Unavailable("database at 10.0.0.1"),
        "forgotten": PersonForgotten(["p"]),
        "bug": RuntimeError("Ana's note is secret"),
    }[kind]


def create_app(ports: Ports, settings: ServiceSettings) -> Flask:
    refusals: dict[type[Exception], Refusal] = {
        Unchanged: Refusal(409, "unchanged", "Nothing would change", str, lambda _: {"allowed": ["another title"]})
    }
    return create_api("Scales", ports, [blueprint], refusals, settings)


def create_workers(ports: Ports, feeds: Mapping[str, Callable[[], Feed]]) -> list[Worker]:
    return [Worker(feeds["plans"](), (listed,), ports.views)]
