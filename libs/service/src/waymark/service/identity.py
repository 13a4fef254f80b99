"""Who is asking: a bearer token, checked against the issuer's published keys. It says who, never what they may do."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final, Literal, Protocol

from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from msgspec import Struct

from waymark.service.jwks import KeyCache, PublishedKeys

ALGORITHMS: Final = ("ES256", "RS256", "PS256")
"""What a token may be signed with, whatever its header says: asymmetric only."""
AUDIENCE: Final = "waymark"
LEEWAY: Final = 60  # seconds that clocks may differ
LONGEST: Final = 8192  # characters of a token
DISTRICT: Final = re.compile(r"(?!platform\Z)[a-z0-9][a-z0-9_-]{0,62}")  # `platform` is where operators' acts are recorded


class Subject(Struct, frozen=True):
    """Who the token says is asking: `sub` as the issuer names them, within a district."""

    sub: str
    district: str


class NotSignedIn(Exception):
    """No valid token came (401). `reason` is for the log: it names no person."""

    def __init__(self, code: Literal["token-missing", "token-invalid", "token-expired"], reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class PersonUnknown(Exception):
    """The token is good, but the roster knows nobody by it who may sign in (403)."""


class Identity(Protocol):
    """Checks who is asking."""

    def check(self, authorization: str | None) -> Subject:
        """The subject of an `Authorization` header. Raises NotSignedIn, Unavailable (the keys cannot be read)."""
        ...


class Tokens:
    """Identity by OIDC access tokens: `iss`, `aud`, `exp`, `sub` and `district` are required, 60 s of skew allowed.

    `published` reads the issuer's keys: over HTTP (`keys_at`), or from an issuer in the same process.
    """

    def __init__(self, published: PublishedKeys, issuer: str, audience: str = AUDIENCE, clock: Callable[[], float] = time.time) -> None:
        self._keys, self._clock = KeyCache(published), clock
        self._issuer, self._audience = issuer, audience

    def check(self, authorization: str | None) -> Subject:
        if not authorization:
            raise NotSignedIn("token-missing", "no Authorization header")
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise NotSignedIn("token-missing", "the Authorization header is not a bearer token")
        token = token.strip()
        if len(token) > LONGEST:
            raise NotSignedIn("token-invalid", "the token is too long")
        try:
            return self._subject(token)
        except ExpiredTokenError as problem:
            raise NotSignedIn("token-expired", str(problem)) from problem
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as problem:
            raise NotSignedIn("token-invalid", f"{type(problem).__name__}: {problem}") from problem

    def _subject(self, token: str) -> Subject:
        header = jws.extract_compact(token.encode("ascii")).headers()
        if header.get("alg") not in ALGORITHMS:
            raise ValueError(f"signed with {header.get('alg')!r}")
        claims = jwt.decode(token, self._keys.key(header.get("kid")), algorithms=list(ALGORITHMS)).claims
        jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            exp={"essential": True},
            sub={"essential": True},
            district={"essential": True},
        ).validate(claims)
        sub, district = claims["sub"], claims["district"]
        if not isinstance(sub, str) or not 0 < len(sub) <= 255 or not sub.isprintable():
            raise ValueError("sub is not a printable text of at most 255 characters")
        if not isinstance(district, str) or not DISTRICT.fullmatch(district):
            raise ValueError("district is not a district's id")
        return Subject(sub, district)
