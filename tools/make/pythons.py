"""Run the fast tests on every supported Python that this machine has, and name those it has not.

Usage: pythons.py [folder for the reports]. The interpreter that runs this script is already covered by `make test-fast` where reports are asked for.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = ("3.11", "3.12", "3.13")


def interpreter(version: str) -> str | None:
    """The path of an installed Python of that version, or None."""
    found = subprocess.run([ROOT / "tools/make/find-python.sh", version], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def missing() -> list[str]:
    return [version for version in VERSIONS if interpreter(version) is None]


def environment(version: str, python: str) -> Path:
    """An environment with the same pins as .venv, kept under .venvs/ until the lock changes."""
    folder = ROOT / ".venvs" / version
    lock = (ROOT / "requirements.lock").read_bytes()
    stamp = folder / "requirements.lock"
    if not stamp.exists() or stamp.read_bytes() != lock:
        members = [str(each.parent) for each in (*ROOT.glob("libs/*/pyproject.toml"), *ROOT.glob("services/*/pyproject.toml"))]
        target = ["--quiet", "--python", str(folder / "bin/python")]
        _run("uv", "venv", "--quiet", "--clear", "--python", python, str(folder))
        _run("uv", "pip", "sync", *target, "--require-hashes", "requirements.lock")
        editable = [word for each in (*members, "standalone", "tools") for word in ("-e", each)]
        _run("uv", "pip", "install", *target, "--no-deps", "--no-build-isolation", *editable)
        stamp.write_bytes(lock)
    return folder / "bin/python"


def main(reports: str | None) -> int:
    failed: list[str] = []
    for version in VERSIONS:
        python = interpreter(version)
        if python is None:
            print(f"== Python {version}: not found, so not tested")
            continue
        current = version == f"{sys.version_info.major}.{sys.version_info.minor}"
        if current and reports:
            print(f"== Python {version}: tested by test-fast")
            continue
        print(f"== Python {version}: {python}", flush=True)
        report = [f"--junitxml={reports}/test-pythons-{version}.xml"] if reports else []
        runner = sys.executable if current else str(environment(version, python))
        tests = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "auto", "--dist", "loadfile", "tests/unit"]
        if subprocess.run([runner, *tests, *report], cwd=ROOT, check=False).returncode:
            failed.append(version)
    if failed:
        print(f"The fast tests fail on Python {', '.join(failed)}")
    return 1 if failed else 0


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else None))
