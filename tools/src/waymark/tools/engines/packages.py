"""What the engines need from Debian: tools through the machine's apt, whole root file systems through mmdebstrap."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from waymark.tools.engines.steps import Unavailable, run

SUITE = "sid"  # the only suite with PostgreSQL 18's DocumentDB extension and a Go new enough for FerretDB
JAVA = 17
GO = (1, 25)


def missing_tools(*, kafka: bool, mongodb: bool) -> list[str]:
    """The apt packages this machine still needs."""
    needed: list[str] = []
    if kafka and (java_version() or 0) < JAVA:
        needed.append("default-jre-headless")
    if kafka and not shutil.which("mvn"):
        needed.append("maven")
    if mongodb and not shutil.which("mmdebstrap"):
        needed.append("mmdebstrap")
    if mongodb and not shutil.which("mount"):
        needed.append("mount")  # mmdebstrap mounts /proc for the packages' own scripts, and carries on without when it cannot
    return needed


def install_tools(names: Sequence[str], *, kafka: bool) -> None:
    """Install apt packages, and check that the Java they brought is new enough. Raises Unavailable."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt: reading the package lists", ["apt-get", "update", "-q"], env=environment)
    run(f"apt: installing {' '.join(names)}", ["apt-get", "install", "-q", "-y", "--no-install-recommends", *names], env=environment)
    if kafka and (java_version() or 0) < JAVA:
        raise Unavailable(f"Kafka needs Java {JAVA} or newer; this machine's packages give {java_version() or 'none'}")


def java_version() -> int | None:
    found = re.search(r'version "(\d+)', _output(["java", "-version"]))
    return int(found[1]) if found else None


def has_go() -> bool:
    found = re.search(r"go version go(\d+)\.(\d+)", _output(["go", "version"]))
    return found is not None and (int(found[1]), int(found[2])) >= GO


def _output(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/"
        )
    except OSError:
        return ""
    return done.stdout


def mirror(targets: str, codename: str) -> str | None:
    """The address that holds the suite `codename`, from lines `address suite` as apt lists its sources."""
    for line in targets.splitlines():
        address, _, suite = line.partition(" ")
        if suite.strip() == codename:
            return address
    return None


def make_root(what: str, target: str | Path, packages: Iterable[str], *, hooks: Iterable[str] = (), form: str = "directory") -> None:
    """A file system of SUITE with `packages`, from the mirror that this machine's apt uses. Raises Unavailable."""
    codename = _os_release().get("VERSION_CODENAME", "")
    targets = run("apt: its sources", ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"], quiet=True)
    address = mirror(targets, codename)
    if address is None:
        raise Unavailable(f"apt has no source for the suite {codename or '(unknown)'}, whose mirror would serve {SUITE}")
    # A cut-off or frozen mirror hands out lists past their date; how apt gets there is the machine's own setting.
    dump = ["apt-config", "dump", "--no-empty", "--format", '%F "%v";%n', "Acquire::http", "Acquire::https", "Acquire::Retries"]
    options = [
        'Acquire::Check-Valid-Until "false"',
        *(line.rstrip(";") for line in run("apt: its settings", dump, quiet=True).splitlines() if line),
    ]
    command: list[str | Path] = ["mmdebstrap", "--variant=minbase", f"--format={form}", f"--include={','.join(packages)}"]
    command += [f"--aptopt={option}" for option in options]
    command += [f"--dpkgopt=path-exclude=/usr/share/{unread}/*" for unread in ("doc", "man", "locale", "info")]
    command += [f"--customize-hook={hook}" for hook in hooks]
    run(what, [*command, SUITE, target, address])


def is_debian() -> bool:
    release = _os_release()
    return release.get("ID") == "debian" and Path("/usr/bin/apt-get").exists()


def _os_release() -> dict[str, str]:
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}
