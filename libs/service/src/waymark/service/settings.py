"""Settings from the environment, read once into a frozen struct. What is missing or wrong stops the start, all of it at once.

A service's settings are a subclass of ServiceSettings whose fields say by `Setting` where they come from and what they mean.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import environs
import msgspec
from msgspec import Struct

S = TypeVar("S", bound="ServiceSettings")
REDACTED = "********"


class Setting(Struct, frozen=True):
    """Where one setting comes from. A `secret` may also come from the file that `<name>_FILE` names, and is never shown;
    a number may have to lie `between` two others, both inclusive."""

    name: str
    meaning: str
    example: str
    secret: bool = False
    between: tuple[float, float] | None = None


class SettingsWrong(Exception):
    """Settings are missing or wrong; each line of `problems` names one, what it means, and an example."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ServiceSettings(Struct, frozen=True, kw_only=True):
    """What every service reads."""

    issuer: Annotated[str, Setting("WAYMARK_OIDC_ISSUER", "the issuer of sign-in tokens (claim iss)", "https://sign-in.district.example")]
    jwks_url: Annotated[
        str, Setting("WAYMARK_OIDC_JWKS_URL", "where the issuer publishes its keys", "https://sign-in.district.example/jwks.json")
    ]
    audience: Annotated[str, Setting("WAYMARK_OIDC_AUDIENCE", "whom tokens must be meant for (claim aud)", "waymark")] = "waymark"
    folder: Annotated[Path, Setting("WAYMARK_DATA", "the folder of the embedded databases", ".waymark")] = Path(".waymark")
    master_key: Annotated[
        Path | None, Setting("WAYMARK_MASTER_KEY_FILE", "the file with the master key, 32 bytes in hex", "/run/secrets/waymark-master-key")
    ] = None
    mongodb_url: Annotated[
        str,
        Setting(
            "WAYMARK_MONGODB_URL",
            "the MongoDB-protocol server; set: not the folder, and Kafka too",
            "mongodb://localhost:27017",
            secret=True,
        ),
    ] = ""
    kafka_bootstrap: Annotated[str, Setting("WAYMARK_KAFKA_BOOTSTRAP", "the Kafka broker, host:port", "localhost:9092")] = ""
    prefix: Annotated[
        str, Setting("WAYMARK_PREFIX", "what databases and topics begin with, where installations share the servers", "north")
    ] = ""
    counselors: Annotated[
        Literal["none", "school"],
        Setting("WAYMARK_COUNSELORS", "whom counselors reach: nobody, or the students of their schools", "school"),
    ] = "none"
    bootstrap_admins: Annotated[
        frozenset[str],
        Setting(
            "WAYMARK_BOOTSTRAP_ADMINS", "token subjects who may administer before the first import", "ana@district.example", secret=True
        ),
    ] = frozenset()
    bind: Annotated[str, Setting("WAYMARK_BIND", "the address to listen on", "127.0.0.1")] = "127.0.0.1"
    port: Annotated[int, Setting("WAYMARK_PORT", "the port to listen on; the admin port is 100 above", "8402", between=(1, 65335))] = 8400
    threads: Annotated[int, Setting("WAYMARK_THREADS", "threads that answer requests", "12", between=(2, 64))] = 12
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Setting("WAYMARK_LOG_LEVEL", "the least severe lines that are logged", "info")
    ] = "info"


def read_settings(settings: type[S], unused: Collection[str] = ()) -> S:
    """Read every field from the environment; of the `unused` ones, which the command does nothing with, a missing one is the example.

    Raises SettingsWrong naming all that is missing or wrong.
    """
    env = environs.Env()
    values: dict[str, Any] = {}
    problems: list[str] = []
    hints = get_type_hints(settings, include_extras=True)
    for field in msgspec.structs.fields(settings):
        kind, setting = _declared(hints[field.name])
        try:
            raw = _raw(env, setting)
            if raw is not None:
                values[field.name] = _within(setting, _parsed(kind, raw), raw)
            elif field.required and field.name in unused:
                values[field.name] = _parsed(kind, setting.example)
            elif field.required:
                problems.append(f"{setting.name} is missing: {setting.meaning}. Example: {setting.name}={setting.example}")
        except (ValueError, OSError) as problem:
            problems.append(f"{setting.name} is wrong: {problem}. It is {setting.meaning}. Example: {setting.name}={setting.example}")
    if problems:
        raise SettingsWrong(problems)
    return settings(**values)


def example_settings(settings: type[S]) -> S:
    """Settings in which what has no default is the example: for making documents, not for serving."""
    hints = get_type_hints(settings, include_extras=True)
    declared = {field.name: _declared(hints[field.name]) for field in msgspec.structs.fields(settings) if field.required}
    return settings(**{name: _parsed(kind, setting.example) for name, (kind, setting) in declared.items()})


def shown(settings: ServiceSettings) -> dict[str, str]:
    """The effective settings by their environment names, secrets redacted: for the start's log line."""
    hints = get_type_hints(type(settings), include_extras=True)
    lines: dict[str, str] = {}
    for field in msgspec.structs.fields(settings):
        _, setting = _declared(hints[field.name])
        value = getattr(settings, field.name)
        lines[setting.name] = REDACTED if setting.secret and value else _text(value)
    return lines


def _within(setting: Setting, value: Any, raw: str) -> Any:
    if setting.between is not None and not setting.between[0] <= value <= setting.between[1]:
        raise ValueError(f"{raw!r} is not between {setting.between[0]} and {setting.between[1]}")
    return value


def _text(value: object) -> str:
    if isinstance(value, frozenset):
        return ",".join(sorted(str(each) for each in value))  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  a set of texts
    return "" if value is None else str(value)


def _declared(hint: Any) -> tuple[Any, Setting]:
    kind, *notes = get_args(hint)
    setting = next(each for each in notes if isinstance(each, Setting))
    return kind, setting


def _raw(env: environs.Env, setting: Setting) -> str | None:
    value = env.str(setting.name, None)
    file = env.str(f"{setting.name}_FILE", None) if setting.secret else None
    if value is not None and file is not None:
        raise ValueError(f"both {setting.name} and {setting.name}_FILE are set")
    if file is not None:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    return value or None


def _parsed(kind: Any, raw: str) -> Any:
    if get_origin(kind) is Literal:
        if raw not in get_args(kind):
            raise ValueError(f"{raw!r} is not one of {', '.join(get_args(kind))}")
        return raw
    if get_origin(kind) is frozenset:
        return frozenset(each.strip() for each in raw.split(",") if each.strip())
    if kind is bool:
        if raw.lower() not in ("true", "false"):
            raise ValueError(f"{raw!r} is neither true nor false")
        return raw.lower() == "true"
    if kind in (int, float):
        try:
            return kind(raw)
        except ValueError:
            raise ValueError(f"{raw!r} is not a number") from None
    return Path(raw) if Path in (kind, *get_args(kind)) else raw
