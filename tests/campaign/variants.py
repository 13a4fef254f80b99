"""The standalone platform with one promise taken away, so that a campaign has something to find: a campaign that finds nothing
in these proves nothing. `python -m tests.campaign.variants <name> run ...`, as `python -m waymark.standalone run ...`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from waymark.events import decide
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.standalone.__main__ import main


def forgets_own_writes() -> None:
    """A repeated request is decided anew: whoever lost an answer writes twice."""
    load: Any = decide._load
    decide._load = lambda store, stream, aggregate, _commit_id, *more: load(store, stream, aggregate, "", *more)


def checkpoint_first() -> None:
    """How far a view has come is saved before its documents: a kill between the two loses what lies between."""
    save: Any = SqliteViews.save

    def saved(
        self: SqliteViews, view: Any, source: str, changes: Sequence[Any], parked: Sequence[Any], checkpoints: Mapping[int, Any]
    ) -> Any:
        save(self, view, source, (), (), checkpoints)
        time.sleep(0.02)
        return save(self, view, source, changes, parked, {})

    SqliteViews.save = saved


def loses_its_tail() -> None:
    """What a store loses that answers before it is durable: here the last commit, at each start."""
    made: Any = SqliteStore.__init__

    def opened(self: SqliteStore, database: Any, service: str) -> None:
        made(self, database, service)
        if service == "plans":
            with database.write() as db:
                db.execute("DELETE FROM plans_commits WHERE position = (SELECT max(position) FROM plans_commits)")

    SqliteStore.__init__ = opened


VARIANTS: Mapping[str, Callable[[], None]] = {each.__name__: each for each in (forgets_own_writes, checkpoint_first, loses_its_tail)}

if __name__ == "__main__":
    VARIANTS[sys.argv[1]]()
    sys.exit(main(sys.argv[2:]))
