"""What the issuer signs: access tokens that say who, ID tokens that tell the web application whom it signed in."""

import secrets
import time
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from .keys import ALGORITHM, SigningKeys
from .people import DemoPerson
from .settings import AUDIENCE, IssuerSettings


def mint(
    sub: str, district: str, *, keys: SigningKeys, issuer: str, audience: str = AUDIENCE, seconds: int = 3600, now: float | None = None
) -> str:
    """An access token for one person: a JWT that says who, for `seconds` from `now` (Unix time, default: the clock).

    It says nothing about permissions; those come from the roster's facts about the person.
    """
    issued = int(time.time() if now is None else now)
    claims = {"iss": issuer, "aud": audience, "sub": sub, "district": district, "iat": issued, "exp": issued + seconds}
    return _signed(claims, keys, typ="at+jwt")


def identity(
    person: DemoPerson, *, keys: SigningKeys, settings: IssuerSettings, session: str, signed_in: float, nonce: str | None, now: float
) -> str:
    """An ID token (OpenID Connect Core, section 2) for the web application."""
    claims: dict[str, Any] = {
        "iss": settings.issuer,
        "aud": settings.client,
        "sub": person.sub,
        "name": person.name,
        "sid": session,
        "auth_time": int(signed_in),
        "iat": int(now),
        "exp": int(now) + settings.access_seconds,
    }
    return _signed(claims | ({"nonce": nonce} if nonce else {}), keys, typ="JWT")


def session_of(id_token: str, *, keys: SigningKeys, settings: IssuerSettings) -> str | None:
    """The session that an ID token of ours belongs to, even an expired one; None for anything else."""
    try:
        claims = jwt.decode(id_token, keys.key_set, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError, TypeError):
        return None
    session = claims.get("sid")
    return session if claims.get("aud") == settings.client and isinstance(session, str) else None


def _signed(claims: dict[str, Any], keys: SigningKeys, *, typ: str) -> str:
    return jwt.encode({"alg": ALGORITHM, "typ": typ, "kid": keys.newest.kid}, claims, keys.newest)


def opaque() -> str:
    """A code or refresh token: 256 random bits."""
    return secrets.token_urlsafe(32)


Clock = Callable[[], float]
"""Now, as Unix time in seconds."""
