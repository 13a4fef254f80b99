"""A browser and a web application, as far as the issuer's tests need them."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.test import Client, TestResponse

from waymark.tools.issuer import DemoPerson, IssuerSettings, create_app

ISSUER = "http://127.0.0.1:8400/issuer"
BACK = "http://127.0.0.1:8400/signed-in"
VERIFIER = "v" * 64

ADA = DemoPerson("t-ada", "Ada Okafor", "teacher", "Lincoln School", "Sees the students of her classes")
BEN = DemoPerson("a-ben", "Ben Ibáñez", "districtAdministrator", "The district", "Sees every school")
CYD = DemoPerson("s-cyd", "Cyd <b>Ng</b>", "student", "Lincoln School")


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Browser:
    """One issuer, and the requests that a browser with the web application makes of it."""

    keys: Path
    people: Sequence[DemoPerson] = (ADA, BEN, CYD)
    redirects: tuple[str, ...] = ()
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.settings = IssuerSettings(issuer=ISSUER, keys=self.keys, district="demo", redirects=self.redirects)
        self.client = Client(create_app(self.settings, lambda: self.people, clock=self.clock))

    def get(self, path: str, **given: Any) -> TestResponse:
        return self.client.get(f"/issuer{path}", base_url="http://127.0.0.1:8400", **given)

    def post(self, path: str, **given: Any) -> TestResponse:
        return self.client.post(f"/issuer{path}", base_url="http://127.0.0.1:8400", **given)

    def ask(self, **changed: str | None) -> TestResponse:
        return self.get("/authorize", query_string=asked(**changed))

    def choose(self, sub: str, **changed: str | None) -> TestResponse:
        return self.post("/authorize", data=asked(**changed) | {"sub": sub})

    def code(self, sub: str = ADA.sub, **changed: str | None) -> str:
        return returned(self.choose(sub, **changed))["code"]

    def redeem(self, presented: str, /, **changed: str | None) -> TestResponse:
        sent = {
            "grant_type": "authorization_code",
            "client_id": "waymark-web",
            "code": presented,
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
        }
        return self.post("/token", data=present(sent | changed))

    def refresh(self, token: str, /, **changed: str | None) -> TestResponse:
        return self.post(
            "/token", data=present({"grant_type": "refresh_token", "client_id": "waymark-web", "refresh_token": token} | changed)
        )

    def sign_in(self, sub: str = ADA.sub) -> dict[str, Any]:
        answer = self.redeem(self.code(sub))
        assert answer.status_code == 200, answer.text
        return answer.get_json()


def asked(**changed: str | None) -> dict[str, str]:
    """A good authorization request, with some parameters changed, or left out (None)."""
    challenge = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    good = {
        "response_type": "code",
        "client_id": "waymark-web",
        "redirect_uri": BACK,
        "scope": "openid",
        "state": "st&te",
        "nonce": "n-1",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return present(good | changed)


def present(parameters: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if value is not None}


def returned(answer: TestResponse) -> dict[str, str]:
    """The parameters with which the browser was sent back to the application."""
    assert answer.status_code == 303, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
