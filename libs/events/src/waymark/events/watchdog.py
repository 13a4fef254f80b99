"""The end of a process whose loop is stuck: whoever started it starts it again, and nothing of it was promised to anyone."""

from __future__ import annotations

import faulthandler
import logging
import os
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

EXIT_CODE: Final = 70  # "internal software error" of sysexits.h
log = logging.getLogger(__name__)


@contextmanager
def watched(name: str, seconds: float) -> Generator[Callable[[], None]]:
    """Call the value at least every `seconds` of running time, or the process ends with code 70 and a trace of its threads.

    Time in which the whole process stood still (stopped, suspended) does not count.
    """
    over, rounds = threading.Event(), [0]

    def alive() -> None:
        rounds[0] += 1

    def watch() -> None:
        known, ticks = -1, 0
        while not over.wait(1):  # ticks are counted, not time: a process that was stopped has not ticked meanwhile
            known, ticks = rounds[0], (ticks + 1 if rounds[0] == known else 0)
            if ticks >= seconds:
                log.critical("stuck", extra={"loop": name, "seconds": seconds})
                faulthandler.dump_traceback()
                os._exit(EXIT_CODE)

    threading.Thread(target=watch, name=f"watchdog of {name}", daemon=True).start()
    try:
        yield alive
    finally:
        over.set()
