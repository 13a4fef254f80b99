"""Where a standalone Waymark lives: its folder, its address, and the environment that its services read."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from waymark.tools.issuer import IssuerSettings, refuse_beside_real_provider

FIRST_PORT = 8400
TRIES = 50
DEMO_DISTRICT = "demo"


class NoFreePort(Exception):
    """Every port that was tried is taken."""


class Home(Struct, frozen=True, kw_only=True):
    """`folder` holds the databases, the master key, the issuer's keys and the list of demo people."""

    folder: Path
    host: str
    port: int
    district: str

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def people(self) -> Path:
        return self.folder / "people.json"

    @property
    def issuer(self) -> IssuerSettings:
        return IssuerSettings(issuer=f"{self.address}/issuer", keys=self.folder / "issuer", district=self.district)

    def environment(self, env: Mapping[str, str]) -> dict[str, str]:
        """What the services read: this sign-in, this folder. Raises RealProviderConfigured beside a real provider."""
        refuse_beside_real_provider(env, own=self.issuer.issuer)
        return {
            "WAYMARK_LOG_LEVEL": "warning",
            "WAYMARK_DISTRICT_NAME": "Bluestone Public Schools",
            **env,
            "WAYMARK_DATA": str(self.folder),
            "WAYMARK_OIDC_ISSUER": self.issuer.issuer,
            "WAYMARK_OIDC_JWKS_URL": f"{self.issuer.issuer}/jwks.json",
            "WAYMARK_BIND": self.host,
            "WAYMARK_PORT": str(self.port),
        }


def free_port(host: str, first: int = FIRST_PORT) -> int:
    """`first`, or the next free port above it. Raises NoFreePort."""
    for port in range(first, first + TRIES):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise NoFreePort(f"none of the ports {first} to {first + TRIES - 1} is free; choose one with --port")


def the_web() -> Path:
    """The built web application: `web/dist` of the checkout, or the folder that WAYMARK_WEB names."""
    named = os.environ.get("WAYMARK_WEB")
    return Path(named) if named else Path(__file__).parents[4] / "web" / "dist"
