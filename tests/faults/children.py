"""Child processes from a warm interpreter: forked from one that has imported everything, started no thread and opened nothing."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.steps import KILLED

PATIENCE = 60.0  # seconds; a worker of a topic waits some ten for a dead member of its group
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.faults.work"])


def run(target: Callable[..., None], *arguments: Any) -> int:
    """The exit code of a process of its own that ran this."""
    child = _context.Process(target=target, args=arguments)
    child.start()
    child.join(PATIENCE)
    if child.is_alive():
        child.kill()
        child.join()
        pytest.fail(f"{target.__name__}{arguments} did not end within {PATIENCE:.0f} s")
    code = child.exitcode
    child.close()
    assert code is not None
    return code


def killed(code: int) -> bool:
    return code == KILLED
