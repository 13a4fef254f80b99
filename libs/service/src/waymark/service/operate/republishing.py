"""`republish`: the service's topic, written anew from its store."""

from __future__ import annotations

from collections.abc import Sequence

from waymark.events.catalogue.operations import TopicRepublished
from waymark.events.republish import TopicNotEmpty
from waymark.events.republish import republish as write_anew
from waymark.service.operate.desk import Asking, Desk, Refused, Told


def republish(desk: Desk, arguments: Sequence[str]) -> int:
    """Write the topic anew."""
    asking = Asking(
        desk,
        "republish",
        "Write the service's topic anew from its store, old versions of events in their newest. Writers and readers go on: readers "
        "drop what they have folded already. For a topic that was lost, or one that should be spared old versions.",
        act=True,
    )
    asking.add_argument("--anew", action="store_true", help="delete the topic first, whatever is on it, and make it again")
    asked = asking.parse_args(arguments)
    publishing, store = desk.deployment.publishing(), desk.ports.store
    if store is None:
        raise Refused(f"{desk.service} records nothing of its own: it has no topic.")
    if publishing is None:
        raise Refused("Here the topic is the store's own table: there is nothing to publish.")
    told = Told(asked.json)
    told.say(f"publishing {store.head():,} commits to {publishing.name}")
    try:
        commits = write_anew(store, publishing.turn, publishing.topic, told.published, anew=asked.anew)
    except TopicNotEmpty as refusal:
        raise Refused(f"{refusal}. With --anew it is deleted first and made again; readers then begin at its start.") from refusal
    event = TopicRepublished(by=asked.by, reason=asked.reason, topic=publishing.name, commits=commits)
    desk.record("topic", event)
    told.answer(event, [f"{event.commits:,} commits are on {event.topic}."])
    return 0
