"""Somebody was forgotten: what a service keeps of them is gone once its folds have passed the fact, and the service says so, once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final, Protocol

from waymark.events.catalogue.roster import PersonForgotten
from waymark.events.decide import Aggregate, decide
from waymark.events.envelope import Event, Meta, Recorded
from waymark.events.feed import Batch, Checkpoint
from waymark.events.keys import Keyring
from waymark.events.store import Store
from waymark.events.views import View, Views

CHECKPOINTS: Final = View[None](name="erasing", version=1, document=type(None))
"""How far the roster's topic was answered. It holds no documents."""
_NAMESPACE: Final = uuid.UUID("3e0f9a55-0f3c-5d0e-9c53-7d1f8b7f2c11")  # for ever: the same fact must give the same commit id


class Answer(Protocol):
    """Makes the service's `person-erased`: `forgotten` is the position of the fact that it answers."""

    def __call__(self, district: str, person: str, forgotten: int) -> Event: ...


class Erasing:
    """A reaction (`waymark.service.reacting`) to the roster's topic. Each `person-forgotten` is answered on the stream
    `<district>/person/<person>` of the service's own store, exactly once however often it is told."""

    def __init__(self, store: Store, views: Views, keyring: Keyring, answer: Answer) -> None:
        self._store, self._views, self._keyring, self._answer = store, views, keyring, answer
        views.prepare(CHECKPOINTS)

    def begin(self, source: str) -> Mapping[int, Checkpoint]:
        return self._views.checkpoints(CHECKPOINTS, source)

    def folded(self, source: str, batch: Batch, caught_up: bool) -> None:
        for recorded in batch.records:
            if isinstance(recorded.event, PersonForgotten):
                self._erase(recorded, recorded.event.person)
        if batch.checkpoints:
            self._views.save(CHECKPOINTS, source, (), (), batch.checkpoints)

    def _erase(self, recorded: Recorded, person: str) -> None:
        self._keyring.drop(person)  # the roster's process deleted the key; a copy that is cached here must not outlive the fact

        def decision(_: None) -> list[Event]:
            return [self._answer(recorded.district, person, recorded.position)]

        stream = f"{recorded.district}/person/{person}"
        once = str(uuid.uuid5(_NAMESPACE, f"{recorded.stream}/{recorded.version}"))  # told again, it is answered from its own commit
        decide(self._store, stream, _ANSWERS, decision, once, Meta())


def _person(stream: str) -> str:
    return stream.rpartition("/")[2]


_ANSWERS: Final[Aggregate[None]] = Aggregate(evolve=lambda _state, _event: None, key=_person)
