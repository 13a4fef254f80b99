"""Plans as teachers keep them: an assignment and some updates a student, with the spans that reporting counts."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from bench.district import plan
from waymark.events.catalogue.types import Author
from waymark.events.store import NewCommit, Store

BY, TODAY = Author("bench", "districtAdministrator"), date(2027, 5, 3)
SCHOOLS, GRADES = 20, tuple(f"{each:02}" for each in range(1, 13))


def fill(store: Store, events: int) -> int:
    """Append plans until there are about so many events; how many there are."""
    chance, done = Random(7), 0
    while done < events:
        commits: list[NewCommit] = []
        while len(commits) < 500 and done < events:
            student = f"{chance.getrandbits(128):032x}"
            commits.append(plan(student, f"sch-{chance.randrange(SCHOOLS)}", chance.choice(GRADES), TODAY, BY, chance))
            done += len(commits[-1].events)
        store.append_many(commits)
    return done


def later(chance: Random) -> NewCommit:
    """One more student."""
    return plan(
        f"{chance.getrandbits(128):032x}", f"sch-{chance.randrange(SCHOOLS)}", chance.choice(GRADES), TODAY - timedelta(1), BY, chance
    )
