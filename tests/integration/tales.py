"""A fold that forgets nothing: whatever is lost, doubled or out of order shows in the documents."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from waymark.events.catalogue.roster import RoleGranted
from waymark.events.contract.feed import facts
from waymark.events.envelope import Recorded
from waymark.events.project import Projection
from waymark.events.store import Store
from waymark.events.views import View, Views

WHOLE = "d/tale/of-all"


class Tale(Struct, frozen=True):
    """What happened to one person, in order; or, in the tale of all, how often anything happened."""

    told: tuple[str, ...] = ()
    count: int = 0


def fold(key: str, tale: Tale | None, recorded: Recorded) -> Tale:
    assert isinstance(recorded.event, RoleGranted)
    known = tale or Tale()
    told = () if key == WHOLE else (*known.told, recorded.event.org)
    return replace(known, told=told, count=known.count + 1)


def tales(source: str) -> Projection[Tale]:
    """Documents of single streams, and one that every stream and partition touches."""
    return Projection(
        name="tales",
        version=1,
        source=source,
        types=(RoleGranted,),
        document=Tale,
        keys=lambda recorded: [f"d/tale/{recorded.key}", WHOLE],
        evolve=fold,
    )


def told(views: Views, view: View[Tale]) -> dict[str, Tale]:
    views.prepare(view)  # a worker may not have begun yet
    ids = [*(f"d/tale/p{n}" for n in range(7)), WHOLE]
    return {key: held.document for key, held in views.load(view, ids).items() if held.document}


def truth(store: Store) -> dict[str, Tale]:
    """The fold of what the store holds, one event after the other."""
    documents: dict[str, Tale] = {}
    for each in facts(store):
        for key in (f"d/tale/{each.key}", WHOLE):
            documents[key] = fold(key, documents.get(key), each)
    return documents
