"""The reference district in one process: import, fold, one template with every student on it, and what its lists and bars cost.

    python -m bench.district                                  95,000 students, 168 schools, 139 home languages
    python -m bench.district --students 5000 --schools 10     smaller

Each stage is a process of its own, so that its peak memory is its own. Prints one line a figure; docs/benchmarks.md quotes them.
"""

from __future__ import annotations

import argparse
import os
import platform as machine
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from waymark.events.catalogue.plans import OVERALL, ItemUpdated, ScaleDefined, StudentAssigned
from waymark.events.catalogue.types import Author
from waymark.events.envelope import Commit, Event, Meta
from waymark.events.store import NewCommit
from waymark.events.views import MAX_FOUND, System
from waymark.plans.domain import template as templates
from waymark.plans.streams import PLAN, plan_stream, scale_stream, template_stream
from waymark.service.directory_folds import people
from waymark.standalone.demo.content import SCALES, TEMPLATES
from waymark.standalone.home import Home
from waymark.standalone.platform import Platform
from waymark.tools.issuer import KeyFile, mint

DISTRICT, TEMPLATE, ASKED = "bench", "reading", 30
QUESTIONS = {
    "students list, first page": "/plans/v1/templates/reading/students?limit=50",
    "students list, one school": "/plans/v1/templates/reading/students?limit=50&school=sch-001",
    "students list, search": "/plans/v1/templates/reading/students?limit=50&search=smith",
    "bars, unfiltered": "/reporting/v1/templates/reading/bars",
    "bars, one school": "/reporting/v1/templates/reading/bars?school=sch-001",
    "bars, one grade": "/reporting/v1/templates/reading/bars?grade=03",
    "bars, one home language": "/reporting/v1/templates/reading/bars?home_language=es",
    "bars as of 60 days ago": "/reporting/v1/templates/reading/bars?as_of={past}",
    "students behind a segment": "/reporting/v1/templates/reading/items/overall/students?segment=2&limit=50",
}


def home(folder: Path) -> Home:
    return Home(folder=folder, host="127.0.0.1", port=8499, district=DISTRICT)


def fold(folder: Path) -> None:
    """Every service's projections, from nothing."""
    platform = Platform(home(folder))
    began = time.perf_counter()
    platform.catch_up()
    seconds = time.perf_counter() - began
    events = sum(commit.count for service in ("roster", "plans") for commit in everything(platform, service))
    told(f"fold what is new into all services: {seconds:.1f} s ({events:,} events stand in the stores)")
    platform.close()


def everything(platform: Platform, service: str) -> Iterator[Commit]:
    position = 0
    store = platform.folder.store(service)
    while commits := store.scan(position, 1000):
        yield from commits
        position = commits[-1].position


def tell(folder: Path) -> None:
    """One template, every student on it, one or two updates each."""
    platform = Platform(home(folder))
    ports = platform.ports["plans"]
    assert ports.store is not None
    by, today = Author("bench", "districtAdministrator"), date.today()  # noqa: DTZ011 -- a bench's own day
    followed = next(each for each in TEMPLATES if each.id == TEMPLATE)
    drafted = templates.draft(None, TEMPLATE, followed.content, SCALES, by=by)
    template = templates.evolve(None, drafted[0])
    published = templates.publish(template, SCALES, by=by, today=today - timedelta(days=200))
    commits = [
        commit(scale_stream(DISTRICT, name), [ScaleDefined(scale=name, definition=scale, by=by)], None) for name, scale in SCALES.items()
    ]
    commits.append(commit(template_stream(DISTRICT, TEMPLATE), [*drafted, *published], None))
    chance = random.Random(1)
    after: str | None = None
    count = 0
    began = time.perf_counter()
    while True:
        page = ports.views.find(System(DISTRICT), people.view, {}, None, after, MAX_FOUND)
        for _, person in page.documents:
            if person.school and person.grade:
                commits.append(plan(person.id, person.school, person.grade, today, by, chance))
                count += 1
        if len(commits) >= 2000 or page.after is None:
            ports.store.append_many(commits)
            commits = []
        if (after := page.after) is None:
            break
    told(f"put {count:,} students on one template, one to three updates each: {time.perf_counter() - began:.1f} s")
    platform.close()


def plan(student: str, school: str, grade: str, today: date, by: Author, chance: random.Random) -> NewCommit:
    """One commit: the assignment and the updates, completed as the service completes them."""
    begin = today - timedelta(days=chance.randint(70, 190))
    said: list[Event] = [StudentAssigned(school=school, grade=grade, effective=begin, by=by)]
    for item, value in ((OVERALL, 1 + chance.randrange(4)), ("i2", float(chance.randrange(160))), ("i3", 1 + chance.randrange(4))):
        if chance.random() < 0.8:
            said.append(ItemUpdated(item=item, value=value, effective=begin + timedelta(days=chance.randrange(60)), by=by))
    stream, state, events = plan_stream(DISTRICT, TEMPLATE, student), None, list[Event]()
    for event in said:
        complete = PLAN.complete(state, event, PLAN.evolve(state, event), stream)
        state = PLAN.evolve(state, complete)
        events.append(complete)
    return commit(stream, events, student)


def commit(stream: str, events: list[Event], key: str | None) -> NewCommit:
    return NewCommit(stream=stream, key=key or stream, events=events, expected=0, commit_id="bench", meta=Meta())


def ask(folder: Path) -> None:
    """The questions, through the services' own HTTP apps, as a district administrator."""
    here = home(folder)
    platform = Platform(here)
    token = mint("dadm-000001", DISTRICT, keys=KeyFile(here.issuer.keys).keys(), issuer=here.issuer.issuer)
    clients = {prefix: app.test_client() for prefix, app in platform.apps.items() if hasattr(app, "test_client")}
    past = (date.today() - timedelta(days=60)).isoformat()  # noqa: DTZ011 -- a bench's own day
    for name, question in QUESTIONS.items():
        path = question.format(past=past)
        client = next(each for prefix, each in clients.items() if path.startswith(prefix))
        times: list[float] = []
        for _ in range(ASKED):
            began = time.perf_counter()
            answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
            times.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.text
        told(f"{name}: first {times[0]:.0f} ms, then median {median(times[1:]):.1f} ms, worst {max(times[1:]):.1f} ms")
    platform.close()


def told(line: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{line}; peak {peak:,.0f} MB", flush=True)


STAGES = {"fold": fold, "tell": tell, "ask": ask}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, help="default: the reference district")
    parser.add_argument("--schools", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where to work; default a temporary folder, removed afterwards")
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.stage:
        STAGES[asked.stage](asked.folder)
        return
    print(f"{machine.platform()}, Python {machine.python_version()}, {os.cpu_count()} cores", flush=True)
    size = ["--students", str(asked.students), "--schools", str(asked.schools)] if asked.students else ["--reference"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        package = folder / "district.zip"
        began = time.perf_counter()
        command = [sys.executable, "-m", "waymark.tools.district", *size, str(package)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        print(f"generate the package: {time.perf_counter() - began:.1f} s, {package.stat().st_size / 1e6:.1f} MB", flush=True)
        changed = folder / "one-enrolment.zip"
        subprocess.run([*command[:-1], "--variant", "one-enrolment", str(changed)], check=True, stdout=subprocess.DEVNULL)
        for what, which in (("import it", package), ("import it again", package), ("import it with one more enrolment", changed)):
            imported(what, folder, which)
        for stage in ("fold", "tell", "fold", "ask"):
            subprocess.run([sys.executable, "-m", "bench.district", "--folder", str(folder), "--stage", stage], check=True)


def imported(what: str, folder: Path, package: Path) -> None:
    """Run the import's own command line in a home of its own; print its rows a second and its peak memory."""
    env = home(folder).environment(os.environ)
    command = [sys.executable, "-m", "waymark.roster", "import", str(package), "--district", DISTRICT, "--approve"]
    began = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    report = [line.strip() for line in process.stdout if line.startswith(("import", " "))]
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    assert process.returncode == 0, report
    counts = next(line for line in report if line.startswith("rows:")).removeprefix("rows:").split(", ")
    rows = sum(int(each.rpartition(" ")[2].replace(",", "")) for each in counts)
    print(f"{what}: {seconds:.1f} s, {rows:,} rows, {rows / seconds:,.0f} rows a second; peak {usage.ru_maxrss / 1024:,.0f} MB", flush=True)
    for line in report:
        print(f"    {line}", flush=True)


if __name__ == "__main__":
    main()
