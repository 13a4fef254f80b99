"""`python -m waymark.tools.engines up|env|status|down`: the engines for tests and development."""

import argparse
import os
import sys

from waymark.tools.engines import shared
from waymark.tools.engines.settings import VARIABLES
from waymark.tools.engines.steps import say

HOW = "start docker or podman with compose, or run this as root on Debian, or set {variable} to a server you have"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="engines", description="Start and stop the engines that tests and development use.")
    parser.add_argument("command", choices=["up", "env", "status", "down"])
    for name in VARIABLES:
        parser.add_argument(f"--{name}", dest="names", action="append_const", const=name, help=f"only {name} (up, env)")
    parsed = parser.parse_args(arguments)
    names: list[str] = parsed.names or list(VARIABLES)
    match parsed.command:
        case "up":
            return up(names)
        case "env":
            return env(names)
        case "status":
            return status()
        case _:
            shared.down()
            return 0


def up(names: list[str]) -> int:
    problems = shared.up(names)
    env(names)
    required = os.environ.get("WAYMARK_ENGINES") == "required"
    for name, reason in problems.items():
        say(f"{name}: not available: {reason}")
        if not required:
            say(f"Tests that need {name} will be skipped. To enable them, {HOW.format(variable=VARIABLES[name])}.")
    return 1 if problems and required else 0


def env(names: list[str]) -> int:
    found = shared.settings()
    for name in names:
        if name in found:
            print(f"{VARIABLES[name]}={found[name]}")
    return 0 if all(name in found for name in names) else 1


def status() -> int:
    found = shared.settings()
    for name, variable in VARIABLES.items():
        print(f"{name}: {found.get(name, 'not running')}" + (f" (given by {variable})" if os.environ.get(variable) else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
