"""A standalone Waymark as a process: started as a user starts it, asked over HTTP, killed as a machine kills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

from tests.e2e.conftest import free_port
from tests.e2e.house import BOOTSTRAP, Client, House, await_folded, standalone
from tests.e2e.people import People
from tests.integration.test_standalone_kill import a_plan
from waymark.tools.district import DistrictPlan, generate


def prepare(folder: Path) -> tuple[House, bytes, str]:
    """A small district with one plan; the platform that made it has ended. The house, the package, the plan's id."""
    package = BytesIO()
    generate(package, DistrictPlan(seed=3, schools=1, students=40))
    with standalone(folder, free_port()) as house:
        assert house.client(BOOTSTRAP).import_package(package.getvalue())["status"] == "completed"
        admin = People(house, package.getvalue()).client("districtAdministrator")
        await_folded(admin)
        plan = a_plan(admin)
    return house, package.getvalue(), plan


def start(house: House) -> subprocess.Popen[bytes]:
    """Another process over the same folder, at the same address."""
    port = house.address.rpartition(":")[2]
    command = [sys.executable, "-m", "waymark.standalone", "run", "--data", str(house.folder), "--port", port, "--no-demo"]
    with (house.folder / "log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, env={**os.environ})


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the whole of it."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def resident(group: int) -> int:
    """Megabytes that the processes of a group hold, what they share counted once."""
    total = 0
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                if os.getpgid(int(each.name)) == group:
                    lines = (each / "smaps_rollup").read_text().splitlines()
                    total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            except (OSError, StopIteration):
                continue  # it ended meanwhile
    return total // 1024


def soon(seconds: float = 30.0):
    """Look again every 20 ms, for so long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(0.02)
    raise TimeoutError(f"not within {seconds:.0f} s")


__all__ = ["Client", "kill", "prepare", "resident", "soon", "start"]
