"""Which blows fall when: drawn from the seed alone, so that an episode can be played again."""

from __future__ import annotations

from random import Random

from msgspec import Struct

WHOLE = "standalone"
SERVER = "standalone's server process"
PARTS = ("plans api", "plans worker", "reporting worker", "reporting api", "front", "roster worker", "roster api", "issuer")
WEIGHTS = (6, 6, 6, 3, 2, 1, 1, 1)
SESSION = 10.0  # seconds after which the broker counts a silent consumer as dead


class Step(Struct, frozen=True, kw_only=True):
    """Load for `load` seconds; pause `paused` for `pause` seconds (0: none), then kill `killed` (again `again` seconds after its start,
    0: not) and start it after `away` seconds."""

    load: float
    paused: tuple[str, ...] = ()
    pause: float = 0.0
    killed: tuple[str, ...]
    again: float = 0.0
    away: float = 0.0


def standalone_steps(seed: int, episode: int, kills: int) -> list[Step]:
    """So many kills. One that falls into the start after another counts too."""
    random = Random(f"standalone/{seed}/{episode}")
    steps: list[Step] = []
    left = kills
    while left > 0:
        whole = random.random() < 0.65
        again = random.uniform(0.05, 1.6) if whole and left > 1 and random.random() < 0.3 else 0.0
        pause = _pause(random, 0.12, 1.5, 0.1, 6.0)
        killed = (WHOLE,) if whole else (SERVER,)
        steps.append(Step(load=random.uniform(0.05, 1.2), paused=(WHOLE,) if pause else (), pause=pause, killed=killed, again=again))
        left -= 2 if again else 1
    return steps


def distributed_steps(seed: int, episode: int, kills: int) -> list[Step]:
    """So many kills, of one process or a few at once."""
    random = Random(f"distributed/{seed}/{episode}")
    steps: list[Step] = []
    for _ in range(kills):
        several = random.choices((1, 2, 3, len(PARTS)), (14, 4, 1, 1))[0]
        killed = _some(random, several)
        pause = _pause(random, 0.2, 3.0, 0.15, SESSION + 4)
        paused = _some(random, 1) if pause else ()
        away = random.uniform(0.2, 2.0) if random.random() < 0.2 else 0.0
        steps.append(Step(load=random.uniform(0.3, 3.5), paused=paused, pause=pause, killed=killed, away=away))
    return steps


def _some(random: Random, count: int) -> tuple[str, ...]:
    chosen: set[str] = set()
    while len(chosen) < count:
        chosen |= set(random.choices(PARTS, WEIGHTS))
    return tuple(sorted(chosen))


def _pause(random: Random, share: float, usual: float, seldom: float, longest: float) -> float:
    if random.random() >= share:
        return 0.0
    return random.uniform(usual, longest) if random.random() < seldom else random.uniform(0.05, usual)
