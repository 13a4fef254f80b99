"""`python -m waymark.standalone.distributed`: every service as its own processes over Kafka and MongoDB, behind one address.

For trying out and for the end-to-end suite. What a platform team runs are the same processes under Kubernetes.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from waymark.events.kafka import create_topics
from waymark.events.wrapping import master_key
from waymark.service.distributed import topics
from waymark.standalone.demo.distributed import set_up
from waymark.standalone.home import DEMO_DISTRICT, Home, NoFreePort, free_port, the_web
from waymark.tools import engines
from waymark.tools.district import DistrictPlan
from waymark.tools.issuer import RealProviderConfigured

SERVICES = ("roster", "plans", "reporting")
SPACING = 1  # the ports of the services follow the front's, 8401 ... as in production
STOPPING = 15.0  # seconds


class Process(Struct):
    """One child and what it is called in messages."""

    name: str
    running: subprocess.Popen[bytes]


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code: 0 after Ctrl-C, 1 when a process ended by itself, 2 when it could not start."""
    parser = argparse.ArgumentParser(prog="python -m waymark.standalone.distributed", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(".waymark-distributed"), help="the folder of keys and demo people")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, help="8400, or the next free one")
    parser.add_argument("--district", default=DEMO_DISTRICT)
    parser.add_argument("--no-demo", action="store_true", help="begin with an empty district")
    parser.add_argument("--schools", type=int, default=2)
    parser.add_argument("--students", type=int, default=600)
    chosen = parser.parse_args(arguments)
    servers = engines_there()
    if servers is None:
        print("waymark: no Kafka and no MongoDB answer; start them with `make engines-up`", file=sys.stderr)
        return 2
    try:
        home = Home(folder=chosen.data.resolve(), host=chosen.host, port=chosen.port or free_port(chosen.host), district=chosen.district)
        home.folder.mkdir(parents=True, exist_ok=True)
        env = environment(home, servers)
    except (RealProviderConfigured, NoFreePort, OSError) as refusal:
        print(f"waymark: {refusal}", file=sys.stderr)
        return 2
    create_topics({"bootstrap_servers": env["WAYMARK_KAFKA_BOOTSTRAP"]}, 1, tuple(topics(env["WAYMARK_PREFIX"]).values()))
    for each in (
        signal.SIGTERM,
        signal.SIGINT,
    ):  # asked to end either way, also where a shell made it deaf to Ctrl-C, it ends its processes
        signal.signal(each, signal.default_int_handler)
    processes = start(home, env)
    try:
        if not chosen.no_demo and not home.people.exists():
            set_up(home, env, DistrictPlan(seed=7, schools=chosen.schools, students=chosen.students), lambda line: print(f"  {line} ..."))
        print(f"\n  Waymark, distributed: {home.address}\n  Ctrl-C stops it.\n", flush=True)
        return watch(processes)
    except KeyboardInterrupt:
        return 0
    finally:
        stop(processes)


def engines_there() -> Mapping[str, str] | None:
    """The two servers' addresses: of the environment, else of what `make engines-up` started."""
    found = engines.running()
    if found is None or not found.mongodb_url or not found.kafka_bootstrap:
        return None
    return {"WAYMARK_MONGODB_URL": found.mongodb_url, "WAYMARK_KAFKA_BOOTSTRAP": found.kafka_bootstrap}


def environment(home: Home, servers: Mapping[str, str]) -> dict[str, str]:
    """What every process reads. The installation's prefix is drawn once a folder: several may share the servers."""
    prefix = home.folder / "prefix"
    if not prefix.exists():
        prefix.write_text(f"w{secrets.token_hex(4)}\n")
    key = home.folder / "master.key"
    master_key(key, create=True)
    return {
        **home.environment({**os.environ, **servers}),
        "WAYMARK_PREFIX": prefix.read_text().strip(),
        "WAYMARK_MASTER_KEY_FILE": str(key),
        "WAYMARK_ISSUER_URL": home.issuer.issuer,
        "WAYMARK_ISSUER_KEYS": str(home.issuer.keys),
        "WAYMARK_ISSUER_DISTRICT": home.district,
        "WAYMARK_ISSUER_PEOPLE": str(home.people),
    }


def start(home: Home, env: Mapping[str, str]) -> list[Process]:
    """Every process of the installation; each tells its troubles on the shared standard error."""
    ports = {name: home.port + at for at, name in enumerate((*SERVICES, "issuer"), SPACING)}
    processes: list[Process] = []
    for service in SERVICES:
        own = {**env, "WAYMARK_PORT": str(ports[service])}
        processes += [_process(f"{service} {verb}", [f"waymark.{service}", verb], own) for verb in ("api", "worker")]
    processes.append(_process("issuer", ["waymark.tools.issuer", "serve", "--listen", f"{home.host}:{ports['issuer']}"], env))
    routes = {f"/{service}/v1": ports[service] for service in SERVICES} | {"/issuer": ports["issuer"]}
    front = ["waymark.tools.front", "--listen", f"{home.host}:{home.port}", "--static", str(the_web())]
    for prefix, port in routes.items():
        front += ["--route", f"{prefix}=http://{home.host}:{port}"]
    processes.append(_process("front", front, env))
    return processes


def watch(processes: Sequence[Process]) -> int:
    """Wait; 1 as soon as one of them has ended by itself."""
    while True:
        for each in processes:
            code = each.running.poll()
            if code is not None:
                print(f"waymark: {each.name} ended with {code}", file=sys.stderr)
                return 1
        time.sleep(0.5)


def stop(processes: Sequence[Process]) -> None:
    """Ask all to end, front first; kill who does not."""
    for each in reversed(processes):
        each.running.terminate()
    deadline = time.monotonic() + STOPPING
    for each in processes:
        try:
            each.running.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            each.running.kill()
            each.running.wait()


def _process(name: str, module: Sequence[str], env: Mapping[str, str]) -> Process:
    # A session of its own: Ctrl-C reaches this process alone, which then stops them in order.
    return Process(name, subprocess.Popen([sys.executable, "-m", *module], env=dict(env), start_new_session=True))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
