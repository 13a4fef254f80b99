"""What the development issuer is told at start, and when it must not start at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .addresses import is_web_address

AUDIENCE = "waymark"
CLIENT = "waymark-web"


class SettingRefused(Exception):
    """A setting is missing or unusable. Its text names the setting, says what it means and gives an example."""


class RealProviderConfigured(SettingRefused):
    """The development sign-in was asked to run beside a real identity provider."""


@dataclass(frozen=True)
class IssuerSettings:
    """Settings of the issuer.

    `issuer` is the `iss` claim and the address browsers reach it at; its path is where every route is mounted.
    `keys` is the folder of the key file. `redirects` are the addresses, compared exactly, that a sign-in may return to
    besides those on the issuer's own origin. Lifetimes are in seconds.
    """

    issuer: str
    keys: Path
    district: str
    redirects: tuple[str, ...] = ()
    client: str = CLIENT
    audience: str = AUDIENCE
    code_seconds: int = 60
    access_seconds: int = 3600
    refresh_seconds: int = 12 * 3600

    def __post_init__(self) -> None:
        if not is_web_address(self.issuer) or self.issuer.endswith("/") or urlsplit(self.issuer).query:
            raise SettingRefused(
                f"issuer {self.issuer!r} is no absolute http(s) address without query and closing slash, like http://127.0.0.1:8400/issuer"
            )
        if not self.district:
            raise SettingRefused("district is empty; it is the `district` claim of every token, like demo")
        for redirect in self.redirects:
            if not is_web_address(redirect):
                raise SettingRefused(f"redirect {redirect!r} is no absolute http(s) address, like http://localhost:5173/signed-in")

    @property
    def mount(self) -> str:
        """The path prefix of every route: "" or one that begins with a slash."""
        return urlsplit(self.issuer).path


def issuer_settings(env: Mapping[str, str]) -> IssuerSettings:
    """Read the settings from the environment. Raises SettingRefused."""
    return IssuerSettings(
        issuer=env.get("WAYMARK_ISSUER_URL", "http://127.0.0.1:8400/issuer"),
        keys=Path(env.get("WAYMARK_ISSUER_KEYS", ".waymark/issuer")),
        district=env.get("WAYMARK_ISSUER_DISTRICT", "demo"),
        redirects=tuple(uri for uri in (part.strip() for part in env.get("WAYMARK_ISSUER_REDIRECTS", "").split(",")) if uri),
    )


def required(env: Mapping[str, str], name: str, meaning: str, example: str) -> str:
    """A setting that has no default. Raises SettingRefused with its name, meaning and an example."""
    if not env.get(name):
        raise SettingRefused(f"{name} is not set: {meaning}, for example {name}={example}")
    return env[name]


def refuse_beside_real_provider(env: Mapping[str, str], own: str | None = None) -> None:
    """Raise RealProviderConfigured if the environment names an identity provider other than this issuer (`own`).

    Whoever reaches the development sign-in can be anyone, so a district with a real provider must never run it.
    """
    name = "WAYMARK_OIDC_ISSUER"
    provider = env.get(name, "").strip()
    if provider and provider.rstrip("/") != (own or "").rstrip("/"):
        raise RealProviderConfigured(
            f"{name}={provider} names a real identity provider, and the development sign-in lets anyone be anyone: they never run together. "
            f"Unset {name} to try the demo, or start the services without the development sign-in."
        )
