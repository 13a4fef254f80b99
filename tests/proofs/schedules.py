"""Workers as bad luck drives them: they die before or after a save, come back, go on as zombies, and get everything twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from msgspec.structs import replace

from waymark.events.envelope import Recorded
from waymark.events.feed import Batch, Checkpoint
from waymark.events.project import Projection, Projector
from waymark.events.views import Change, Held, Parked, View, Views


class Died(Exception):
    """The worker's process ended here."""


class AroundViews:
    """A views' database as it is; a subclass says what it does otherwise."""

    def __init__(self, views: Views) -> None:
        self.real = views

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


class Deadly(AroundViews):
    """As `chance` has it, whoever saves dies before or after, and whoever has loaded is overtaken by another."""

    def __init__(self, views: Views, chance: Random) -> None:
        super().__init__(views)
        self.chance, self.overtake = chance, lambda: None

    def load(self, view: View[Any], ids: Collection[str]) -> dict[str, Held[Any]]:
        held = self.real.load(view, ids)
        overtake, self.overtake = self.overtake, lambda: None
        overtake()
        return held

    def save(self, *what: Any) -> set[str]:
        fate = self.chance.random()
        if fate < 0.1:
            raise Died
        lost = self.real.save(*what)
        if fate > 0.9:
            raise Died
        return lost


class WithoutMarks(AroundViews):
    """Documents come without their marks."""

    def load(self, view: View[Any], ids: Collection[str]) -> dict[str, Held[Any]]:
        return {key: replace(held, marks={}) for key, held in self.real.load(view, ids).items()}


class WithoutGraves(AroundViews):
    """What was deleted has left nothing behind."""

    def load(self, view: View[Any], ids: Collection[str]) -> dict[str, Held[Any]]:
        loaded = self.real.load(view, ids)
        return {key: replace(held, marks={}) if held.document is None else held for key, held in loaded.items()}


class WithoutRevisions(AroundViews):
    """Whatever stands is replaced."""

    def save(
        self, view: View[Any], source: str, changes: Sequence[Change[Any]], parked: Sequence[Parked], ends: Mapping[int, Checkpoint]
    ) -> set[str]:
        standing = self.real.load(view, [each.id for each in changes])
        forced = [replace(each, revision=standing[each.id].revision if each.id in standing else 0) for each in changes]
        return self.real.save(view, source, forced, parked, ends)


class CheckpointFirst(AroundViews):
    """The checkpoint moves, then the documents are saved."""

    def save(
        self, view: View[Any], source: str, changes: Sequence[Change[Any]], parked: Sequence[Parked], ends: Mapping[int, Checkpoint]
    ) -> set[str]:
        self.real.save(view, source, (), (), ends)
        return self.real.save(view, source, changes, parked, {})


def batch(records: Sequence[Recorded]) -> Batch:
    ends = {each.partition: Checkpoint(sequence=each.sequence, offset=each.position, topic="t") for each in records}
    return Batch(records=records, checkpoints=ends)


def beyond(facts: Sequence[Recorded], checkpoints: Mapping[int, Checkpoint]) -> list[Recorded]:
    """What a worker that starts is given: nothing at or below its checkpoints."""
    return [each for each in facts if each.partition not in checkpoints or each.sequence > checkpoints[each.partition].sequence]


def drive(
    projection: Projection[Any], real: Views, broken: Callable[[Any], Any], facts: Sequence[Recorded], chance: Random
) -> Iterator[Sequence[Recorded]]:
    """Fold the facts with two workers in a schedule of `chance`; after each step, the facts delivered so far.

    Each has partitions of its own, until they are given out anew: then one may go on with what is the other's. The last worker
    lives: when the iteration ends, every fact is at or below the checkpoints.
    """
    deadly = Deadly(real, chance)
    workers = [Projector(projection, broken(deadly)) for _ in range(2)]
    waiting: list[list[Recorded]] = [[], []]
    delivered: set[int] = set()

    def assign(number: int, partitions: Collection[int]) -> None:
        workers[number] = Projector(projection, broken(deadly))
        waiting[number] = [each for each in beyond(facts, workers[number].resume()) if each.partition in partitions]

    def step(number: int) -> None:
        take = waiting[number][: chance.randrange(1, 9)]
        if take:
            delivered.update(each.position for each in take)
            del waiting[number][: len(take)]
            try:
                workers[number].apply(batch(take))
            except Died:
                assign(number, {each.partition for each in facts})

    parts = sorted({each.partition for each in facts})
    assign(0, parts[::2])
    assign(1, parts[1::2])
    for _ in range(60):
        number = chance.randrange(2)
        deadly.overtake = (lambda other=1 - number: step(other)) if chance.random() < 0.4 else lambda: None
        step(number)
        if chance.random() < 0.1:
            assign(number, chance.sample(parts, len(parts) // 2))
        if chance.random() < 0.1:  # the relay sends again what it had sent
            waiting[number] = list(facts)
        yield [each for each in facts if each.position in delivered]
    last = Projector(projection, broken(real))
    if rest := beyond(facts, last.resume()):
        last.apply(batch(rest))
    yield facts
