"""Settings come from the environment, all of them are checked at the start, and secrets are not shown."""

import os
from pathlib import Path
from typing import Annotated, get_args, get_type_hints

import pytest

from waymark.service.settings import REDACTED, ServiceSettings, Setting, SettingsWrong, example_settings, read_settings, shown


class OwnSettings(ServiceSettings, frozen=True, kw_only=True):
    share: Annotated[float, Setting("WAYMARK_TEST_SHARE", "the share that may leave", "0.1")]
    strict: Annotated[bool, Setting("WAYMARK_TEST_STRICT", "whether it is strict", "true")] = False
    password: Annotated[str, Setting("WAYMARK_TEST_PASSWORD", "the word to get in", "open sesame", secret=True)] = ""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in [each for each in os.environ if each.startswith("WAYMARK_")]:
        monkeypatch.delenv(name)
    for name, value in {"OIDC_ISSUER": "https://i.example", "OIDC_JWKS_URL": "https://i.example/jwks", "TEST_SHARE": "0.5"}.items():
        monkeypatch.setenv(f"WAYMARK_{name}", value)
    return monkeypatch


def test_what_is_set_is_read_and_the_rest_has_its_default(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("WAYMARK_THREADS", "8")
    environment.setenv("WAYMARK_BOOTSTRAP_ADMINS", "ana, ben,")
    environment.setenv("WAYMARK_TEST_STRICT", "TRUE")
    environment.setenv("WAYMARK_MASTER_KEY_FILE", "key")
    settings = read_settings(OwnSettings)
    assert (settings.share, settings.threads, settings.strict, settings.port) == (0.5, 8, True, 8400)
    assert settings.bootstrap_admins == {"ana", "ben"}
    assert (settings.master_key, settings.folder) == (Path("key"), Path(".waymark"))


def test_everything_missing_is_named_at_once_with_its_meaning_and_an_example(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("WAYMARK_OIDC_ISSUER")
    environment.setenv("WAYMARK_TEST_SHARE", "")
    with pytest.raises(SettingsWrong) as wrong:
        read_settings(OwnSettings)
    assert [each.split(" ")[0] for each in wrong.value.problems] == ["WAYMARK_OIDC_ISSUER", "WAYMARK_TEST_SHARE"]
    assert "the share that may leave" in wrong.value.problems[1]
    assert "WAYMARK_TEST_SHARE=0.1" in wrong.value.problems[1]


@pytest.mark.parametrize(
    "name, value",
    [
        ("THREADS", "many"),
        ("COUNSELORS", "all"),
        ("TEST_STRICT", "yes"),
        ("TEST_SHARE", "a"),
        ("LOG_LEVEL", "loud"),
        ("THREADS", "1"),
        ("PORT", "70000"),
    ],
)
def test_a_wrong_value_is_told_with_an_example(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(f"WAYMARK_{name}", value)
    with pytest.raises(SettingsWrong, match=rf"WAYMARK_{name} is wrong: '{value}'.*Example: WAYMARK_{name}="):
        read_settings(OwnSettings)


def test_a_secret_may_stand_in_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "word").write_text("open sesame\n")
    environment.setenv("WAYMARK_TEST_PASSWORD_FILE", str(tmp_path / "word"))
    assert read_settings(OwnSettings).password == "open sesame"
    environment.setenv("WAYMARK_TEST_PASSWORD", "twice")
    with pytest.raises(SettingsWrong, match="both"):
        read_settings(OwnSettings)


def test_a_secrets_file_that_is_not_there_stops_the_start(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("WAYMARK_TEST_PASSWORD_FILE", str(tmp_path / "missing"))
    with pytest.raises(SettingsWrong, match="WAYMARK_TEST_PASSWORD is wrong"):
        read_settings(OwnSettings)


def test_secrets_and_people_are_not_shown(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("WAYMARK_TEST_PASSWORD", "open sesame")
    environment.setenv("WAYMARK_BOOTSTRAP_ADMINS", "ana@district.example")
    told = shown(read_settings(OwnSettings))
    assert told["WAYMARK_TEST_PASSWORD"] == told["WAYMARK_BOOTSTRAP_ADMINS"] == REDACTED
    assert told["WAYMARK_TEST_SHARE"] == "0.5"
    assert "ana" not in str(told)
    assert "sesame" not in str(told)


def test_every_example_is_a_value_that_would_be_read(environment: pytest.MonkeyPatch) -> None:
    for hint in get_type_hints(OwnSettings, include_extras=True).values():
        setting = next(each for each in get_args(hint) if isinstance(each, Setting))
        environment.setenv(setting.name, setting.example)
    assert read_settings(OwnSettings).share == example_settings(OwnSettings).share == 0.1
