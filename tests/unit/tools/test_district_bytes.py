"""The same plan gives the same package, and a package is there as a whole or not at all."""

import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from tests.unit.tools.district_package import files, plan, rows, written
from waymark.tools.district import DistrictPlan, PlanRefused, generate

# Of the files' names and contents: how zlib compresses them may differ between its builds. It changes with what is generated, and only then.
DIGEST = "04056a57c9b492b38738f7c2a1e90333b1eabcaa954ab6d235d698ba5bc34408"


def content_digest(package: bytes) -> str:
    digest = sha256()
    for name, content in files(package).items():
        digest.update(b"%s %d\n" % (name.encode(), len(content)))
        digest.update(content)
    return digest.hexdigest()


def test_a_plan_gives_the_committed_content():
    assert content_digest(written(plan(schools=3, students=150))) == DIGEST


def test_the_same_plan_gives_the_same_bytes_in_another_process_with_another_hash_seed(tmp_path: Path):
    target = tmp_path / "district.zip"
    command = [sys.executable, "-m", "waymark.tools.district", str(target)]
    options = ["--schools", "2", "--students", "240", "--seed", "7", "--today", "2026-11-02"]
    subprocess.run([*command, *options], check=True, env={"PYTHONHASHSEED": "4711"}, capture_output=True)
    assert target.read_bytes() == written(plan())


def test_another_seed_gives_another_district():
    assert rows(written(plan(seed=8)))["users"] != rows(written(plan()))["users"]


def test_another_day_of_the_same_school_year_gives_the_same_bytes():
    assert written(plan(today=date(2027, 6, 30))) == written(plan())


def test_an_unfinished_package_leaves_no_file_behind(tmp_path: Path):
    target = tmp_path / "district.zip"
    target.mkdir()
    with pytest.raises(OSError, match=r"district\.zip"):
        generate(target, plan())
    assert list(tmp_path.iterdir()) == [target]


def test_a_refused_variant_leaves_an_earlier_file_alone(tmp_path: Path):
    target = tmp_path / "district.zip"
    target.write_bytes(b"earlier")
    with pytest.raises(PlanRefused, match="two schools"):
        generate(target, plan(schools=1), variant="moved-student")
    assert target.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    "field, asked",
    [
        ("schools", {"schools": 0}),
        ("schools", {"schools": 1000, "students": 95_000}),
        ("students", {"schools": 2, "students": 39}),
        ("students", {"students": 1_000_000}),
        ("languages", {"languages": 0}),
        ("languages", {"students": 40, "languages": 11}),
        ("languages", {"students": 95_000, "languages": 140}),
        ("today", {"today": date(1, 1, 1)}),
    ],
)
def test_an_impossible_plan_is_refused_by_field_with_what_is_allowed(field: str, asked: dict[str, int]):
    with pytest.raises(PlanRefused, match=rf"^{field}: .* is not allowed.*; .* are$") as refusal:
        DistrictPlan(**asked)  # pyright: ignore[reportArgumentType]
    assert refusal.value.field == field
