"""The walls between packages: the list of packages is complete, and each contract really fails on what it forbids."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from tests.unit.repository.files import ROOT

# contract -> (module, an import that breaks it)
VIOLATIONS = {
    "layers": ("services/plans/src/waymark/plans/planted.py", "import waymark.reporting"),
    "domain": ("services/plans/src/waymark/plans/domain/planted.py", "import time"),
    "sqlite": ("services/plans/src/waymark/plans/planted.py", "import sqlite3"),
    "mongodb": ("services/plans/src/waymark/plans/planted.py", "import pymongo"),
    "kafka": ("libs/service/src/waymark/service/planted.py", "import kafka"),
    "http": ("services/plans/src/waymark/plans/domain/planted.py", "import flask"),
    "ports": ("libs/events/src/waymark/events/store.py", "import waymark.events.sqlite"),
}


def members() -> list[Path]:
    return [path.parent for pattern in ("libs/*", "services/*", "standalone", "tools") for path in ROOT.glob(f"{pattern}/pyproject.toml")]


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]


def test_every_package_of_the_workspace_stands_in_the_contracts() -> None:
    packages = {
        f"waymark.{path.name}" for member in members() for path in (member / "src/waymark").iterdir() if (path / "__init__.py").exists()
    }
    linter = pyproject()["importlinter"]
    layers = next(each for each in linter["contracts"] if each["id"] == "layers")["layers"]
    assert set(linter["root_packages"]) == packages
    assert set(re.findall(r"[\w.]+", " ".join(layers))) == packages


def test_every_contract_fails_on_a_planted_violation(tmp_path: Path) -> None:
    names = {each["id"]: each["name"] for each in pyproject()["importlinter"]["contracts"]}
    assert set(VIOLATIONS) == set(names)
    for member in members():
        shutil.copytree(member / "src", tmp_path / member.relative_to(ROOT) / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tools/make", tmp_path / "tools/make")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, line in VIOLATIONS.values():
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        with path.open("a") as module:
            module.write(f"\n{line}\n")

    # The copies come first on the path, and so win over what is installed.
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(str(tmp_path / each.relative_to(ROOT) / "src") for each in members()),
        "COLUMNS": "300",
    }
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache", "--no-logo"]
    linted = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    kept = {contract for contract, name in names.items() if f"{name} BROKEN" not in linted.stdout}
    assert not kept, linted.stdout + linted.stderr
