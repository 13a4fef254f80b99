"""Answers whose shape is a struct of the domain: written by msgspec, and told to OpenAPI from the struct itself."""

from __future__ import annotations

from typing import Any, Final

import marshmallow as ma
import msgspec

from waymark.events.catalogue.plans import Scale
from waymark.reporting.domain.bars import Bar
from waymark.reporting.domain.trend import Trend
from waymark.service.blueprint import Blueprint

_REFERENCE: Final = "#/components/schemas/{name}"
_UNIONS: Final[dict[str, Any]] = {"Bar": Bar, "Scale": Scale}


class Shaped(ma.fields.Field[Any]):
    """A value written as its struct says; in OpenAPI the component of this name."""

    def __init__(self, component: str, **options: Any) -> None:
        reference = {"$ref": _REFERENCE.format(name=component)}
        choices = [reference, {"type": "null"}] if options.get("allow_none") else [reference]
        super().__init__(metadata={"oneOf": choices} if len(choices) > 1 else {"allOf": choices}, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return msgspec.to_builtins(value)


class ShapedBlueprint(Blueprint):
    """A resource whose document names the shapes."""

    def register_views_in_doc(self, api: Any, app: Any, spec: Any, **options: Any) -> None:
        for name, schema in _components().items():
            if name not in spec.components.schemas:
                spec.components.schema(name, schema)
        super().register_views_in_doc(api, app, spec, **options)


def _components() -> dict[str, dict[str, Any]]:
    names, kinds = [*_UNIONS, "Trend"], [*_UNIONS.values(), Trend]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
    unions = {name: schema for name, schema in zip(names, schemas, strict=True) if name in _UNIONS}
    return components | unions
