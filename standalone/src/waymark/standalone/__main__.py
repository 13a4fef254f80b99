"""`python -m waymark.standalone run`: the whole platform in this process, over a folder."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from waymark.service.settings import SettingsWrong
from waymark.standalone.demo.setting_up import ImportFailed, set_up
from waymark.standalone.home import DEMO_DISTRICT, FIRST_PORT, Home, NoFreePort, free_port, the_web
from waymark.standalone.server import serve
from waymark.tools.district import DistrictPlan
from waymark.tools.issuer import RealProviderConfigured


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code; 2 when it cannot start, which standard error then explains."""
    parser = argparse.ArgumentParser(prog="python -m waymark.standalone", description=__doc__)
    run = parser.add_subparsers(dest="verb", required=True).add_parser("run", help="set up what is missing, then serve until Ctrl-C")
    run.add_argument("--data", type=Path, default=Path(os.environ.get("WAYMARK_DATA", ".waymark")), help="the folder (.waymark)")
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, help=f"{FIRST_PORT}, or the next free one")
    run.add_argument("--district", default=DEMO_DISTRICT, help="the district's id")
    run.add_argument("--no-demo", action="store_true", help="begin with an empty district")
    run.add_argument("--schools", type=int, default=2, help="of the demo district")
    run.add_argument("--students", type=int, default=600, help="of the demo district")
    chosen = parser.parse_args(arguments)
    try:
        port = chosen.port or free_port(chosen.host)
        home = Home(folder=chosen.data.resolve(), host=chosen.host, port=port, district=chosen.district)
        home.folder.mkdir(parents=True, exist_ok=True)
        home.environment(os.environ)
        if not chosen.no_demo and not home.people.exists():
            say("Setting up a demo district (once, about a minute)")
            set_up(home, DistrictPlan(seed=7, schools=chosen.schools, students=chosen.students), say)
    except (RealProviderConfigured, NoFreePort, SettingsWrong, ImportFailed, ValueError, OSError) as refusal:
        print(f"waymark: {refusal}", file=sys.stderr)
        return 2
    welcome(home)
    serve(home)
    return 0


def say(line: str) -> None:
    print(f"  {line} ...", flush=True)


def welcome(home: Home) -> None:
    """Where it is, and what to try."""
    lines = [f"\n  Waymark: {home.address}", f"  Data:    {home.folder}"]
    if home.people.exists():
        lines += [
            "",
            "  Sign in as a teacher and open a plan: the bars, the students behind each bar, one student's history.",
            "  Sign in as the district administrator and write a plan template.",
        ]
    if not (the_web() / "index.html").exists():
        lines += ["", "  The web application is not built (make web); the services answer under /roster/v1, /plans/v1, /reporting/v1."]
    print("\n".join([*lines, "", "  Ctrl-C stops it.", ""]), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
