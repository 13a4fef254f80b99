"""A loop that is stuck ends its process; one that goes round, or whose process was stopped as a whole, does not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from waymark.events.watchdog import EXIT_CODE

LOOP = """
import sys, time
from waymark.events.watchdog import watched
with watched("loop", {seconds}) as alive:
    print("begun", flush=True)
    for _ in range({rounds}):
        alive()
        time.sleep({each})
"""


def a_loop(seconds: float, rounds: int, each: float) -> subprocess.Popen[bytes]:
    script = LOOP.format(seconds=seconds, rounds=rounds, each=each)
    loop = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert loop.stdout is not None
    loop.stdout.readline()
    return loop


def end_of(loop: subprocess.Popen[bytes]) -> tuple[int, bytes]:
    _, said = loop.communicate(timeout=20)
    return loop.returncode, said


@pytest.mark.parametrize("rounds,each,code", [(1, 60, EXIT_CODE), (12, 0.3, 0)], ids=["stuck", "slow but alive"])
def test_only_a_loop_that_is_stuck_ends_its_process(rounds: int, each: float, code: int) -> None:
    ended, said = end_of(a_loop(2, rounds, each))
    assert ended == code
    assert (b"most recent call first" in said) == bool(code), "the trace says where it was stuck"


def test_a_process_that_was_stopped_as_a_whole_goes_on() -> None:
    loop = a_loop(2, 15, 0.1)
    os.kill(loop.pid, signal.SIGSTOP)
    time.sleep(3.5)
    os.kill(loop.pid, signal.SIGCONT)
    assert end_of(loop)[0] == 0
