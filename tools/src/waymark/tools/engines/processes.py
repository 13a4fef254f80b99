"""Processes we start and may therefore end: known by their id and the moment they started, since ids are used again."""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from waymark.tools.engines.ports import wait_until

PATIENCE = 30.0  # seconds a process gets to end in order before it is killed


@dataclass(frozen=True)
class Process:
    name: str
    pid: int
    started: str  # of the process with this id; a stranger that got the id later started at another moment
    stop_signal: int = signal.SIGTERM

    def alive(self) -> bool:
        with suppress(ChildProcessError):  # not our child: whoever started it is gone, the system collects it
            os.waitpid(self.pid, os.WNOHANG)
        return moment_started(self.pid) == self.started

    def stop(self) -> None:
        """End it in order; kill it if it does not."""
        self._signal(self.stop_signal)
        if not wait_until(lambda: not self.alive(), seconds=PATIENCE):
            self.kill()

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        wait_until(lambda: not self.alive(), seconds=PATIENCE)

    def _signal(self, number: int) -> None:
        if self.alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def moment_started(pid: int) -> str | None:
    """When the living process `pid` started: boot and clock ticks since. None if there is none, or it only waits to be collected."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name before it may contain blanks
    state, threads, ticks = fields[0], int(fields[17]), fields[19]
    # Of a killed process the first thread is done before the others, which hold its ports and files until they are.
    return None if state in "ZX" and threads <= 1 else f"{boot}/{ticks}"


def spawn(name: str, command: Sequence[str | Path], *, log: Path, detached: bool, stop_signal: int = signal.SIGTERM) -> Process:
    """Start `command`, output to the end of `log`. `detached`: it outlives us and our terminal."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=detached,
            cwd="/",
        )
    child.returncode = 0  # Process collects it; without this the interpreter warns about a child still running
    return Process(name, child.pid, moment_started(child.pid) or "ended at once", stop_signal)


def last_lines(log: Path, count: int = 15) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(f"    {line}" for line in lines[-count:])
