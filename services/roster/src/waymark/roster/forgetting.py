"""Forgetting a person: the key first, then the fact that every service acts on. Doing it twice changes nothing more."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from waymark.events.decide import Aggregate, Decision, load
from waymark.events.keys import Keyring
from waymark.events.store import Store
from waymark.roster import streams
from waymark.roster.domain import person as domain
from waymark.roster.domain.person import Person
from waymark.roster.importing.spool import Spool

T = TypeVar("T")
PERSON: Aggregate[Person] = Aggregate(evolve=domain.evolve, key=streams.person_key)
log = logging.getLogger(__name__)


def forget(
    store: Store,
    keyring: Keyring,
    spool: Spool,
    district: str,
    person: str,
    by: str,
    reason: str,
    append: Callable[[str, Decision[Person]], T],
) -> T:
    """Delete the person's key for good, and the packages that wait to be imported (theirs is the district's key); then say so
    with `append(stream, decision)`. Raises PersonUnknown.

    Were the fact said first, a crash in between would leave a key behind that everybody takes for deleted.
    """
    stream = streams.person(district, person)
    known, _ = load(store, stream, PERSON)
    domain.forget(person, known, by)  # raises before anything is deleted
    keyring.forget(person)
    spool.discard(district)
    decided = append(stream, lambda known: domain.forget(person, known, by))
    log.warning("person forgotten", extra={"district": district, "person": person, "actor": by, "reason": reason})
    return decided
