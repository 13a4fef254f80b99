"""`python -m waymark.roster import|forget|rotate-keys`: what they print, and how they end."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.unit.roster.office import Office
from tests.unit.roster.packages import package, seat, tiny, zipped
from waymark.events.catalogue.operations import KeysRotated
from waymark.events.keys import Keyring
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.keys import SECURE, SqliteKeys
from waymark.roster.cli import forget_person, import_package, rotate_keys
from waymark.roster.importing.lock import only_import
from waymark.roster.settings import Settings
from waymark.service.ports import Ports
from waymark.service.settings import SettingsWrong

MASTER = b"\7" * 32  # a test district's


class Desk:
    """Runs a verb as the command line would."""

    def __init__(self, office: Office, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.office, self.folder, self._capsys = office, folder, capsys
        self.ports: Ports = office.district.ports("roster")

    def settings(self, **changed: Any) -> Settings:
        return self.office.district.settings(Settings, **{"imports": self.folder / "imports", "district": "river"} | changed)

    def send(self, content: bytes, *options: str) -> tuple[int, str]:
        path = self.folder / "package.zip"
        path.write_bytes(content)
        code = import_package(self.ports, self.settings(), [str(path), *options])
        out = self._capsys.readouterr()
        return code, out.out + out.err


@pytest.fixture
def desk(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(office, tmp_path, capsys)


def test_it_prints_progress_and_the_report(desk: Desk) -> None:
    files = tiny()
    files["enrollments"].append(seat("e9", "c9", "north", "S1"))
    code, out = desk.send(package(files))
    assert code == 0
    assert "applying 8 of 8 people" in out
    assert "refused: enrollments.csv:8:classSourcedId: There is nothing with this sourcedId. [reference-unknown]" in out
    assert "person-recorded 8" in out
    assert "refused: 1, repaired: 0" in out
    assert "recorded: nothing" in desk.send(package(files))[1]


def test_a_refused_package_ends_with_1_and_the_reason(desk: Desk) -> None:
    code, out = desk.send(zipped({"users.csv": "x"}))
    assert code == 1
    assert "refused: package: The package has no manifest.csv" in out


def test_a_held_package_ends_with_1_until_it_is_approved(desk: Desk) -> None:
    desk.send(package())
    files = tiny()
    for name, column in (
        ("users", "sourcedId"),
        ("roles", "userSourcedId"),
        ("enrollments", "userSourcedId"),
        ("demographics", "sourcedId"),
    ):
        files[name] = [row for row in files[name] if row[column] != "S3"]
    code, out = desk.send(package(files))
    assert (code, "1 of 4 students would leave" in out) == (1, True)
    code, out = desk.send(package(files), "--approve")
    assert (code, "student-withdrawn 1" in out) == (0, True)


def test_a_dry_run_records_nothing(desk: Desk) -> None:
    head = desk.office.district.folder.store("roster").head()
    code, out = desk.send(package(), "--dry-run")
    assert (code, "person-recorded 8" in out) == (0, True)
    assert desk.office.district.folder.store("roster").head() == head


def test_what_cannot_be_run_ends_with_2(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["no-such-file.zip"], ["no-such-file.zip", "--district", "../x"], []):
        with pytest.raises(SystemExit) as ended:
            import_package(desk.ports, desk.settings(), arguments)
        assert ended.value.code == 2
    with only_import(desk.folder / "imports" / "river", "another"):
        assert desk.send(package())[0] == 2


def test_a_time_zone_that_is_none_stops_the_start(desk: Desk) -> None:
    (desk.folder / "package.zip").write_bytes(package())
    with pytest.raises(SettingsWrong, match="WAYMARK_DISTRICT_TIME_ZONE"):
        import_package(desk.ports, desk.settings(time_zone="Mars/Olympus"), [str(desk.folder / "package.zip")])


def test_forget_takes_a_sourced_id(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.send(package())
    arguments = ["--sourced-id", "S1", "--reason", "requested-by-person"]
    assert forget_person(desk.ports, desk.settings(), arguments) == 0
    assert not desk.office.district.keyring.keys.get([desk.office.person("S1")])
    assert forget_person(desk.ports, desk.settings(), ["--sourced-id", "S99", *arguments[2:]]) == 1


def test_keys_are_rotated_and_the_months_that_are_over_destroyed(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spring = SqliteKeys(Database(_keyring_of(desk), "FULL", SECURE), MASTER, lambda: datetime(2026, 3, 4, tzinfo=UTC))
    made = spring.create(["a", "b"])
    assert rotate_keys(desk.ports, desk.settings(), ["--by", "night shift", "--reason", "monthly"]) == 0
    said = capsys.readouterr().out
    assert "2 people's keys were wrapped" in said
    assert "destroyed: 2026-03" in said
    assert desk.ports.keyring.keys.get(["a", "b"]) == made
    assert rotate_keys(desk.ports, desk.settings(), ["--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    commits = desk.office.district.folder.store("roster").read("platform/operation/keys", 0)
    (audited,) = [each.event for commit in commits for each in commit.recorded()]
    assert isinstance(audited, KeysRotated)
    assert (audited.by, audited.reason) == ("night shift", "monthly")
    assert (audited.rewrapped, audited.destroyed, audited.new_master) == (2, ("2026-03",), False), "and nothing of the one that did nothing"
    assert (told["rewrapped"], told["destroyed"], told["kept"]) == (0, [], [])


def test_under_a_new_master_key_the_old_one_is_refused_and_says_why(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk.send(package())
    student = desk.office.person("S1")
    made = desk.ports.keyring.keys.get([student])
    new = tmp_path / "new-master.key"
    assert rotate_keys(desk.ports, desk.settings(), ["--new-master", str(new)]) == 0
    assert "under the new master key" in capsys.readouterr().out
    after = SqliteKeys(Database(_keyring_of(desk), "FULL", SECURE), bytes.fromhex(new.read_text()))
    assert after.get([student]) == made
    behind = msgspec.structs.replace(
        desk.ports, keyring=Keyring(SqliteKeys(Database(_keyring_of(desk), "FULL", SECURE), MASTER, lambda: datetime.now(UTC)))
    )
    assert rotate_keys(behind, desk.settings(), []) == 1
    assert "master key" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        rotate_keys(desk.ports, desk.settings(), ["--new-master", str(tmp_path)])
    assert ended.value.code == 2


def _keyring_of(desk: Desk) -> Path:
    return next(desk.folder.rglob("keys.db"))


def test_a_first_import_needs_no_token_and_no_server(tmp_path: Path) -> None:
    (tmp_path / "package.zip").write_bytes(package())
    environment = os.environ | {
        "WAYMARK_DATA": str(tmp_path / "home"),
        "WAYMARK_OIDC_ISSUER": "https://sign-in.waymark.example",
        "WAYMARK_OIDC_JWKS_URL": "https://sign-in.waymark.example/jwks.json",
        "WAYMARK_LOG_LEVEL": "warning",
    }
    command = [sys.executable, "-m", "waymark.roster", "import", str(tmp_path / "package.zip"), "--district", "river", "--approve"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "person-recorded 8" in ran.stdout
    assert (tmp_path / "home" / "events.db").exists()
