"""The plans topic as a worker may meet it: partitions in any interleaving, batches of any size, batches sent again."""

from collections.abc import Iterator, Sequence
from random import Random

from waymark.events.envelope import Recorded
from waymark.events.feed import Batch, Checkpoint


def batches(records: Sequence[Recorded], random: Random) -> Iterator[Batch]:
    """Every record at least once, each partition in its order; after a set-back a partition goes on from an earlier record."""
    waiting: dict[int, list[Recorded]] = {}
    for each in records:
        waiting.setdefault(each.partition, []).append(each)
    done = dict.fromkeys(waiting, 0)
    while any(done[part] < len(waiting[part]) for part in waiting):
        taken: list[Recorded] = []
        reached: dict[int, Checkpoint] = {}
        for part in random.sample(sorted(waiting), random.randint(1, len(waiting))):
            start = done[part] if random.random() < 0.8 else random.randint(0, done[part])
            end = min(len(waiting[part]), start + random.randint(0, 7))
            if end > start:
                taken += waiting[part][start:end]
                last = waiting[part][end - 1]
                reached[part] = Checkpoint(sequence=last.sequence, offset=end, topic="plans", at=last.at.timestamp())
                done[part] = end
        if reached:
            yield Batch(records=taken, checkpoints=reached)
            if random.random() < 0.2:
                yield Batch(records=taken, checkpoints=reached)
