"""JSON Schemas (2020-12) of the published types, made from their structs, and what may change in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from waymark.events.catalogue.meanings import meaning
from waymark.events.envelope import Event

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(event: type[Event]) -> Schema:
    """The schema that every writer of this type keeps to: closed, so that a misspelt field is caught before it is published.

    Readers do not validate by it: they leave out what they do not know.
    """
    _, components = msgspec.json.schema_components([event], ref_template="#/$defs/{name}")
    components = msgspec.json.decode(msgspec.json.encode(components))  # plain JSON: a default () is []
    shapes = {name: _closed(name, each) for name, each in components.items()}
    top = shapes.pop(event.__name__)
    return {
        "$schema": DIALECT,
        "$id": f"urn:waymark:event:{event.type}",
        **top,
        "title": event.type,
        **({"$defs": shapes} if shapes else {}),
    }


def breaches(old: Schema, new: Schema) -> Iterator[str]:
    """What a change would break for those who read or wrote the old shape. Only a new, optional field breaks nothing."""
    before, after = _shapes(old), _shapes(new)
    for name, shape in before.items():
        if name not in after:
            yield f"{name} is gone"
            continue
        required = set(after[name].get("required", ()))
        if gained := required - set(shape.get("required", ())):
            yield f"{name} requires {', '.join(sorted(gained))}, which it did not"
        if lost := set(shape.get("required", ())) - required:
            yield f"{name} no longer requires {', '.join(sorted(lost))}"
        for field, was in shape.get("properties", {}).items():
            now = after[name].get("properties", {}).get(field)
            if now is None:
                yield f"{name}.{field} is gone"
            elif _bare(now) != _bare(was):
                yield f"{name}.{field} is another than it was"


def _shapes(whole: Schema) -> Mapping[str, Schema]:
    return {whole["title"]: whole, **whole.get("$defs", {})}


def _bare(each: Any) -> Any:
    return {name: value for name, value in each.items() if name != "description"}


def _closed(name: str, shape: Schema) -> Schema:
    described = {field: {"description": meaning(name, field), **each} for field, each in shape["properties"].items()}
    text = " ".join(shape.get("description", "").split())
    return {**shape, "description": text, "properties": described, "additionalProperties": False}
