"""The command line writes the package and prints what is in it."""

from pathlib import Path

import pytest

from tests.unit.tools.district_package import plan, rows, written
from waymark.tools.district.__main__ import main

SMALL = ["--schools", "2", "--students", "240", "--seed", "7", "--today", "2026-11-02"]


def test_it_writes_the_package_of_the_plan_and_prints_the_rows_of_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    target = tmp_path / "district.zip"
    assert main([str(target), *SMALL]) == 0
    assert target.read_bytes() == written(plan())
    printed = capsys.readouterr().out
    for name, found in rows(written(plan())).items():
        if name != "manifest":
            assert f"{name}.csv {len(found):,}" in " ".join(printed.split())


def test_the_samples_it_prints_are_what_they_are_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    main([str(tmp_path / "district.zip"), *SMALL])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    tables = rows(written(plan()))
    roles = {role["userSourcedId"]: role["role"] for role in tables["roles"]}
    said = {words[0]: words[1] for words in reversed(lines) if len(words) > 1}  # of two lines that begin alike the first counts
    for role in ("districtAdministrator", "systemAdministrator", "principal", "siteAdministrator", "counselor", "teacher", "student"):
        assert roles[said[role]] == role
    agents = {user["sourcedId"]: user["agentSourcedIds"] for user in tables["users"]}
    alone = next(words[-1] for words in lines if words[:3] == ["student", "without", "guardian"])
    assert roles[alone] == "student"
    assert agents[alone] == ""
    schools: dict[str, set[str]] = {}
    for role in tables["roles"]:
        schools.setdefault(role["userSourcedId"], set()).add(role["orgSourcedId"])
    for what in ("teacher", "guardian"):
        crossing = next(words[4] for words in lines if words[:4] == [what, "in", "two", "schools"])
        assert len(schools[crossing]) == 2


def test_a_refusal_is_one_line_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    target = tmp_path / "district.zip"
    assert main([str(target), "--schools", "2", "--students", "3"]) == 2
    assert main([str(target), "--reference", "--students", "3000"]) == 2
    assert main([str(tmp_path / "nowhere" / "district.zip"), *SMALL]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [line.split(":")[0] for line in printed.err.splitlines()][:2] == ["students", "reference"]
    assert "nowhere" in printed.err.splitlines()[2]
    assert list(tmp_path.iterdir()) == []


def test_a_date_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main([str(tmp_path / "district.zip"), "--today", "2026-02-30"])
    assert "--today" in capsys.readouterr().err
