"""Every interleaving of a small system: all states that any order of its steps can reach, and what is wrong in them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, NamedTuple, TypeVar

S = TypeVar("S", bound=Hashable)
Steps = Callable[[S], Iterable[tuple[str, S]]]


class Explored(NamedTuple):
    """How many states there are, in how many of them something is wrong, and the shortest way to the first such state."""

    states: int
    ends: int
    bad: int
    wrong: str
    way: tuple[str, ...]

    def __str__(self) -> str:
        found = f"{self.bad} bad; {self.wrong}: " + " -> ".join(self.way) if self.bad else "no violation"
        return f"{self.states} states, {self.ends} ends, {found}"


class Explorer(Generic[S]):
    """`steps(state)` are the named steps that may come next; `wrong(state, ended)` says what no state may be."""

    def __init__(self, steps: Steps[S], wrong: Callable[[S, bool], str]) -> None:
        self._steps, self._wrong = steps, wrong

    def explore(self, start: S) -> Explored:
        """Breadth first, so that the way to the first bad state is a shortest one. Nothing is explored beyond a bad state."""
        came: dict[S, tuple[S, str] | None] = {start: None}
        queue = deque([start])
        ends, bad, first = 0, 0, ("", ())
        while queue:
            state = queue.popleft()
            following = list(self._steps(state))
            ends += not following
            wrong = self._wrong(state, not following)
            if wrong:
                bad += 1
                first = first if first[0] else (wrong, _way(came, state))
                continue
            for name, after in following:
                if after not in came:
                    came[after] = (state, name)
                    queue.append(after)
        return Explored(len(came), ends, bad, *first)


def _way(came: dict[S, tuple[S, str] | None], state: S) -> tuple[str, ...]:
    way: list[str] = []
    at = came[state]
    while at is not None:
        way.append(at[1])
        at = came[at[0]]
    return tuple(reversed(way))


def put(row: tuple, at: int, value: object) -> tuple:
    """The tuple with one place replaced."""
    return (*row[:at], value, *row[at + 1 :])
