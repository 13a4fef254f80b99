"""The issuer's settings and command line."""

from pathlib import Path

import pytest
from joserfc import jwt

from waymark.tools.issuer import (
    IssuerSettings,
    KeyFile,
    RealProviderConfigured,
    SettingRefused,
    issuer_settings,
    refuse_beside_real_provider,
)
from waymark.tools.issuer.__main__ import main


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "WAYMARK_ISSUER_URL",
        "WAYMARK_ISSUER_DISTRICT",
        "WAYMARK_ISSUER_PEOPLE",
        "WAYMARK_ISSUER_REDIRECTS",
        "WAYMARK_OIDC_ISSUER",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WAYMARK_ISSUER_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


def test_the_token_verb_prints_one_token_that_the_key_file_verifies(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "--sub", "t-1", "--district", "north", "--seconds", "60"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    claims = jwt.decode(line, KeyFile(keys).keys().key_set, algorithms=["ES256"]).claims
    assert (claims["sub"], claims["district"], claims["exp"] - claims["iat"]) == ("t-1", "north", 60)


def test_the_rotate_verb_prints_the_new_kid(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rotate"]) == 0
    assert capsys.readouterr().out.strip() == KeyFile(keys).keys().newest.kid
    assert len(KeyFile(keys).keys().keys) == 2


def test_serving_needs_to_know_its_people(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve"]) == 2
    assert "WAYMARK_ISSUER_PEOPLE is not set: the JSON file" in capsys.readouterr().err


def test_serving_beside_a_real_provider_is_refused(keys: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("WAYMARK_OIDC_ISSUER", "https://login.district.example")
    assert main(["serve"]) == 2
    assert "WAYMARK_OIDC_ISSUER=https://login.district.example names a real identity provider" in capsys.readouterr().err


@pytest.mark.parametrize("env", [{}, {"WAYMARK_OIDC_ISSUER": ""}, {"WAYMARK_OIDC_ISSUER": "http://127.0.0.1:8400/issuer/"}])
def test_no_provider_or_this_one_is_fine(env: dict[str, str]) -> None:
    refuse_beside_real_provider(env, own="http://127.0.0.1:8400/issuer")


def test_any_named_provider_is_real_to_someone_without_an_address() -> None:
    with pytest.raises(RealProviderConfigured):
        refuse_beside_real_provider({"WAYMARK_OIDC_ISSUER": "http://127.0.0.1:8400/issuer"})


@pytest.mark.parametrize(
    "url", ["", "issuer", "/issuer", "ftp://h/issuer", "http://h/issuer/", "http://h/issuer?x=1", "http://h/issuer#x", "http://u@h/issuer"]
)
def test_an_unusable_issuer_address_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingRefused, match="like http://"):
        IssuerSettings(issuer=url, keys=tmp_path, district="demo")


def test_redirects_are_a_list_of_absolute_addresses() -> None:
    assert issuer_settings({"WAYMARK_ISSUER_REDIRECTS": " http://a/x , https://b/y,"}).redirects == ("http://a/x", "https://b/y")
    with pytest.raises(SettingRefused, match="'/x'"):
        issuer_settings({"WAYMARK_ISSUER_REDIRECTS": "/x"})


def test_the_mount_is_the_path_of_the_issuers_address(tmp_path: Path) -> None:
    assert IssuerSettings(issuer="https://h/a/b", keys=tmp_path, district="d").mount == "/a/b"
    assert IssuerSettings(issuer="https://h", keys=tmp_path, district="d").mount == ""
