"""The demo district for the distributed deployment: the same import, the same facts, through the same processes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from waymark.events.envelope import PARTITIONS, partition, sequence
from waymark.events.store import Store, Unavailable
from waymark.events.views import Views
from waymark.events.wrapping import master_key
from waymark.service.directory_folds import DIRECTORY
from waymark.service.distributed import Cluster
from waymark.standalone.demo.people import offered, write_people
from waymark.standalone.demo.setting_up import ImportFailed
from waymark.standalone.demo.telling import tell
from waymark.standalone.home import Home
from waymark.tools.district import DistrictPlan, generate

FOLDING = 300.0  # seconds that the workers may take for the roster
PAGE = 1000  # commits


def set_up(home: Home, env: Mapping[str, str], plan: DistrictPlan, say: Callable[[str], None]) -> None:
    """Make the demo district while the processes run; they fold it as it comes."""
    package = home.folder / "demo-district.zip"
    say(f"Making a district: {plan.schools} schools, {plan.students} students")
    generate(package, plan)
    say("Importing its roster")
    command = [sys.executable, "-m", "waymark.roster", "import", str(package), "--district", home.district, "--approve"]
    if subprocess.run(command, env=dict(env), check=False).returncode:
        raise ImportFailed(f"importing {package} failed")
    clusters = {name: _cluster(name, home, env) for name in ("roster", "plans")}
    try:
        say("Waiting for the directory of plans")
        plans = clusters["plans"].documents_of("plans")
        _await(clusters["roster"].store("roster"), plans)
        tell(clusters["plans"].store("plans"), plans, clusters["plans"].keyring, home.district, say)
    finally:
        for each in clusters.values():
            each.close()
    write_people(offered(package), home.people)
    package.unlink()


def _cluster(service: str, home: Home, env: Mapping[str, str]) -> Cluster:
    key = master_key(home.folder / "master.key", create=False)
    return Cluster(service, env["WAYMARK_MONGODB_URL"], env["WAYMARK_KAFKA_BOOTSTRAP"], key, env["WAYMARK_PREFIX"])


def _await(roster: Store, views: Views) -> None:
    """Until every fact of the roster stands in the directory."""
    wanted = _last(roster)
    deadline = time.monotonic() + FOLDING
    while time.monotonic() < deadline:
        reached = {view.key: views.reached(view, "roster") for view in (each.view for each in DIRECTORY)}
        if all(part in each and each[part].sequence >= last for each in reached.values() for part, last in wanted.items()):
            return
        time.sleep(0.5)
    raise Unavailable(f"the directory is not folded after {FOLDING:.0f} s")


def _last(store: Store) -> dict[int, int]:
    last: dict[int, int] = {}
    position = 0
    while commits := store.scan(position, PAGE):
        for each in commits:
            last[partition(each.key, PARTITIONS)] = sequence(each.position, each.count - 1)
        position = commits[-1].position
    return last
