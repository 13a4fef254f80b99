"""Which views of one name stand: the one that readers get, the one that is to take its place, the one it took the place of."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

SEEN_SECONDS = 1.0  # how long a process may go on reading the view that was live
SETTLED_SECONDS = 3.0  # after a flip: by then every process reads the live view, with room for clocks and stalls


class Standing(Struct, frozen=True, kw_only=True):
    """Keys of views. `building` is being built anew, beside the live one and by nobody but its rebuild; as `candidate` it is folded
    in step until readers are flipped to it; `previous` is folded on for a rollback until it is retired. `flipped` is when (epoch
    seconds). `builds` counts: no build's number is used twice. `stirred` grows whenever documents changed behind their marks (a parked stream folded after all): who
    keeps documents in memory then reads all of them again.
    """

    live: str | None = None
    candidate: str | None = None
    previous: str | None = None
    building: str | None = None
    flipped: float = 0.0
    builds: int = 0
    stirred: int = 0

    def begun(self, version: str) -> Standing:
        """A build of `version` (a name and a version, `rows@1`) goes on, or begins where none was begun."""
        if self.building is not None and self.building.partition(".")[0] == version:
            return self
        return replace(self, building=f"{version}.{self.builds + 1}", builds=self.builds + 1)

    def announced(self, key: str | None) -> Standing:
        return replace(self, candidate=key, building=None)

    def flip(self, key: str, now: float) -> Standing:
        """The old live view becomes the previous one; nothing changes when `key` is live already."""
        return self if key == self.live else replace(self, live=key, candidate=None, previous=self.live, flipped=now)

    def settled(self, now: float) -> bool:
        """Whether nobody reads the previous view any more."""
        return now - self.flipped >= SETTLED_SECONDS

    def retired(self) -> Standing:
        return replace(self, previous=None)

    def stirred_again(self) -> Standing:
        return replace(self, stirred=self.stirred + 1)


class Seen:
    """Standings as a process reads them: at most a second old, one at a time for all threads, so that answers never go back."""

    def __init__(self, read: Callable[[str], Standing]) -> None:
        self._read = read
        self._known: dict[str, tuple[float, Standing]] = {}
        self._lock = threading.Lock()

    def __call__(self, name: str) -> Standing:
        known = self._known.get(name)
        if known is not None and known[1].live is not None and time.monotonic() - known[0] < SEEN_SECONDS:
            return known[1]
        with self._lock:
            known = self._known.get(name)
            at = time.monotonic()  # before it is read: what is kept is never older than it says
            if known is None or known[1].live is None or at - known[0] >= SEEN_SECONDS:
                known = self._known[name] = (at, self._read(name))
            return known[1]

    def forget(self, name: str) -> None:
        """Read it anew the next time: this process has just changed it."""
        with self._lock:
            self._known.pop(name, None)
