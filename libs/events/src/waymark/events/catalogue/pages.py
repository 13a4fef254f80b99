"""The catalogue's pages: one a type, and an index with what readers of the topics may rely on."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from waymark.events.catalogue import EVENTS, TOPICS
from waymark.events.catalogue.meanings import PUBLISHED
from waymark.events.catalogue.schemas import Schema, schema
from waymark.events.envelope import PARTITIONS, Event

Samples = Mapping[str, Any]
"""A type's golden file: `stream`, `key` and `samples`, a list of events as JSON objects."""

INDEX = f"""# The events

What Waymark tells the world, for ever. Each type has a name with a version, a [JSON Schema](../../libs/events/schemas) that writers keep to,
and a page here. Schemas and pages are made from the structs in `libs/events/src/waymark/events/catalogue` by `make catalogue`.

## What readers may rely on

- **One topic a service**, {PARTITIONS} partitions: {", ".join(f"`{each.name}`" for each in TOPICS.values())}. Another partition count is another topic version.
- **Order**: a stream has one record key for ever, so all its events stand in one partition, in the order in which they happened. Within a partition
  `ce_sequence` grows as text; it leaves gaps (the other partitions' events). Between partitions there is no order.
- **At least once**: an event may come again, always with the same `ce_id` (`<stream>/<version>`) and `ce_sequence`. Drop what is at or below the
  highest sequence folded of its partition, or what has a `ce_id` already seen.
- **No holes**: a stream's versions are 1, 2, 3 ...; a reader that meets 5 after 3 has lost something.
- **All or none**: the events of one decision are published in one transaction. Read with `isolation.level=read_committed`.
- **Kept for ever**: `cleanup.policy=delete`, no retention limit, never compacted: the key is a student, and compaction would keep one event of each.
  A topic may be made anew from the store; its offsets then start again, sequences and ids stay.
- **Evolution**: within a version only optional fields are added. Leave out what you do not know, and skip types that you do not know; anything
  else gets a new version of the type.
- **Personal text is sealed**: `{{"about": <person id>, "box": <ciphertext>}}`. Without the person's key it reads as redacted, and stays so once the
  person is forgotten. Person ids are HMACs: no id of the district's own systems travels in clear.

## Headers

Records are CloudEvents 1.0 in binary mode: the value is the event's JSON, the rest stands in these headers (UTF-8).

| Header | Content |
|---|---|
| `content-type` | `application/json` |
| `ce_specversion` | `1.0` |
| `ce_id` | `<stream>/<version>`: unique, and the same whenever the event is sent again |
| `ce_source` | `/waymark/<service>` |
| `ce_type` | the type's name, such as `plans.item-updated.v1` |
| `ce_subject` | the stream, `<district>/<kind>/<ids...>` |
| `ce_time` | when the system learned it (UTC, microseconds) |
| `ce_sequence` | position and index of the event in its store, zero padded: orders a partition as text |
| `ce_partitionkey` | the record key |
| `ce_district` | the district's id |
| `traceparent` | W3C trace context of the request that caused it; may be empty |

The partition is Kafka's default for the key: `(murmur2(key) & 0x7fffffff) % {PARTITIONS}`.
"""


def index() -> str:
    """`docs/events/README.md`."""
    lines = [INDEX]
    for service in (*TOPICS, "operations"):
        lines += ["", f"## {service}", "", "| Type | When | Stream |", "|---|---|---|"]
        for name, event in EVENTS.items():
            if name.startswith(f"{service}."):
                first = " ".join((event.__doc__ or "").split()).partition(". ")[0].rstrip(".")
                lines.append(f"| [{name}]({name}.md) | {first}. | `{PUBLISHED[name].stream}` |")
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def page(event: type[Event], golden: Samples) -> str:
    """`docs/events/<type>.md`. The example is the golden file's last sample, the fullest."""
    shape, published = schema(event), PUBLISHED[event.type]
    service = event.type.partition(".")[0]
    lines = [
        f"# {event.type}",
        "",
        inspect.getdoc(event) or "",
        "",
        "| | |",
        "|---|---|",
        f"| Who emits it | {_emitter(service)} |",
        f"| Stream | `{published.stream}` |",
        f"| Record key | {published.key} |",
        f"| Sealed | {', '.join(f'`{each}`' for each in sealed(shape)) or 'nothing: no personal text'} |",
        f"| Since | {published.since} |",
        f"| Schema | [{event.type}.json](../../libs/events/schemas/{event.type}.json) |",
        "",
        "## Example",
        "",
        f"On `{golden['stream']}`, key `{golden['key']}`:",
        "",
        "```json",
        json.dumps(golden["samples"][-1], indent=2, ensure_ascii=False),
        "```",
        "",
        "## Fields",
        "",
        *_fields(shape),
    ]
    for name, each in shape.get("$defs", {}).items():
        lines += ["", f"### {name}", "", each["description"], "", *_fields(each)]
    return "\n".join(lines) + "\n"


def _emitter(service: str) -> str:
    return f"{service}, on the topic `{TOPICS[service].name}`" if service in TOPICS else "the service that was operated on, on its topic"


def sealed(shape: Schema) -> Sequence[str]:
    """The fields that hold personal text."""
    return [field for field, each in shape["properties"].items() if '"#/$defs/Sealed"' in json.dumps(each)]


def _fields(shape: Schema) -> Iterator[str]:
    yield "| Field | Type | | Meaning |"
    yield "|---|---|---|---|"
    required = shape.get("required", ())
    for field, each in shape["properties"].items():
        presence = "required" if field in required else f"default `{json.dumps(each['default'])}`"
        yield f"| `{field}` | {_type(each)} | {presence} | {each['description']} |"


def _type(each: Schema) -> str:
    if "$ref" in each:
        name = each["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in each:
        return " or ".join(dict.fromkeys(_type(one) for one in each["anyOf"]))
    if "enum" in each:
        return ", ".join(f"`{one}`" for one in each["enum"])
    match each["type"]:
        case "array":
            return f"list of {_type(each['items'])}"
        case "object":
            return f"map of {_type(each['additionalProperties'])}"
        case "string":
            return {"date": "date", "date-time": "time"}.get(each.get("format", ""), "base64" if "contentEncoding" in each else "text")
        case simple:
            return simple
