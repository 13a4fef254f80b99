"""The key file: made once, private, kept over restarts, rotated."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.unit.tools.issuer_browser import Browser
from waymark.tools.issuer import KeyFile, KeyFileDamaged


def kids(file: KeyFile) -> list[str | None]:
    return [key.kid for key in file.keys().keys]


def test_the_file_is_made_on_first_use_for_its_owner_only(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "new" / "folder")
    file.keys()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert list(file.path.parent.iterdir()) == [file.path]


def test_tokens_survive_a_restart(tmp_path: Path) -> None:
    token = Browser(tmp_path).sign_in()["access_token"]
    restarted = Browser(tmp_path)
    jwt.decode(token, KeySet.import_key_set(restarted.get("/jwks.json").get_json()), algorithms=["ES256"])


def test_a_running_issuer_takes_up_a_rotation_and_still_publishes_the_former_key(tmp_path: Path) -> None:
    browser = Browser(tmp_path)
    before = browser.sign_in()["access_token"]
    newest = KeyFile(tmp_path).rotate().newest.kid
    after = browser.sign_in()["access_token"]
    published = KeySet.import_key_set(browser.get("/jwks.json").get_json())
    assert jwt.decode(after, published, algorithms=["ES256"]).header["kid"] == newest
    assert jwt.decode(before, published, algorithms=["ES256"]).header["kid"] != newest


def test_rotation_keeps_mode_and_the_newest_three(tmp_path: Path) -> None:
    file = KeyFile(tmp_path)
    seen = kids(file)
    for _ in range(3):
        seen.insert(0, file.rotate().newest.kid)
    assert kids(file) == kids(KeyFile(tmp_path)) == seen[:3]
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file.path]


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: kids(KeyFile(tmp_path)), range(8)))
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"keys": []}', '{"keys": [{"kty": "oct", "k": "AA"}]}', "\xff", '{"keys": 7}'])
def test_a_damaged_file_is_refused_with_its_name_and_a_way_out(tmp_path: Path, text: str) -> None:
    file = KeyFile(tmp_path)
    file.path.write_text(text, "latin-1")
    with pytest.raises(KeyFileDamaged, match=r"issuer-keys\.json.*Delete it"):
        file.keys()


def test_a_public_key_cannot_sign_and_is_refused(tmp_path: Path) -> None:
    file = KeyFile(tmp_path)
    public = file.keys().published()
    file.path.write_text(json.dumps(public))
    with pytest.raises(KeyFileDamaged, match="private part"):
        KeyFile(tmp_path).keys()


def test_a_file_that_breaks_while_running_leaves_the_keys_in_use(tmp_path: Path) -> None:
    file = KeyFile(tmp_path)
    before = kids(file)
    file.path.write_text("half")
    assert kids(file) == before
