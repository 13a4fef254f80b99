"""What has been granted and not yet used up: authorization codes and refresh tokens, in memory.

A restart forgets them, and people sign in once more; access tokens outlive it, because the keys do.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Lock

from .tokens import Clock, opaque

# Two tabs, or a retry after a lost answer, present the same refresh token within moments: both get the same successor.
REPEAT_SECONDS = 10

_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


class GrantRefused(Exception):
    """RFC 6749's `invalid_grant`: unknown, used, expired, or presented by someone else."""


@dataclass(frozen=True)
class Asked:
    """What a code was asked for with, and must be redeemed with."""

    sub: str
    redirect_uri: str
    challenge: str
    nonce: str | None


@dataclass(frozen=True)
class Session:
    """One sign-in of one person, which refresh tokens keep going."""

    id: str
    sub: str
    since: float


@dataclass(frozen=True)
class _Code:
    asked: Asked
    expires: float
    session: str | None = None


@dataclass(frozen=True)
class _Refresh:
    session: Session
    expires: float
    successor: str | None = None
    used: float = 0.0


class Grants:
    """Codes and refresh tokens. Safe to use from several threads."""

    def __init__(self, clock: Clock, *, code_seconds: int, refresh_seconds: int) -> None:
        self._clock = clock
        self._code_seconds = code_seconds
        self._refresh_seconds = refresh_seconds
        self._codes: dict[str, _Code] = {}
        self._refreshes: dict[str, _Refresh] = {}
        self._lock = Lock()

    def code(self, asked: Asked) -> str:
        """A new code."""
        with self._lock:
            self._drop_expired()
            code = opaque()
            self._codes[code] = _Code(asked, self._clock() + self._code_seconds)
            return code

    def redeem(self, code: str, *, redirect_uri: str, verifier: str) -> tuple[Session, str, str | None]:
        """The session that a code opens, its first refresh token, and the nonce. Raises GrantRefused.

        A code is used up by its first presentation, right or wrong; the second one also ends the session that the first opened (RFC 6749, 4.1.2).
        """
        with self._lock:
            self._drop_expired()
            kept = self._codes.get(code)
            if kept is None:
                raise GrantRefused("the code is unknown or has expired")
            if kept.session is not None:
                self._end(kept.session)
                raise GrantRefused("the code has been used before; what it gave is withdrawn")
            session = Session(opaque(), kept.asked.sub, self._clock())
            self._codes[code] = replace(kept, session=session.id)
            if kept.asked.redirect_uri != redirect_uri:
                raise GrantRefused("redirect_uri is not the one that the code was asked for with")
            if not _proves(verifier, kept.asked.challenge):
                raise GrantRefused("code_verifier does not fit the code_challenge")
            return session, self._issue(session), kept.asked.nonce

    def refresh(self, token: str) -> tuple[Session, str]:
        """The session of a refresh token, and the token that takes its place. Raises GrantRefused.

        A token that comes back after REPEAT_SECONDS has leaked or been copied: its session ends.
        """
        with self._lock:
            self._drop_expired()
            kept = self._refreshes.get(token)
            if kept is None:
                raise GrantRefused("the refresh token is unknown, has expired, or its session has ended")
            if kept.successor is None:
                successor = self._issue(kept.session)
                self._refreshes[token] = replace(kept, successor=successor, used=self._clock())
                return kept.session, successor
            if self._clock() - kept.used > REPEAT_SECONDS:
                self._end(kept.session.id)
                raise GrantRefused("the refresh token has been used before; its session has ended")
            return kept.session, self._last(kept.successor)

    def end(self, session: str) -> None:
        """End a session: its refresh tokens are worth nothing from now on."""
        with self._lock:
            self._end(session)

    def _issue(self, session: Session) -> str:
        token = opaque()
        self._refreshes[token] = _Refresh(session, self._clock() + self._refresh_seconds)
        return token

    def _last(self, token: str) -> str:
        successor = self._refreshes[token].successor
        return token if successor is None else self._last(successor)

    def _end(self, session: str) -> None:
        self._refreshes = {token: kept for token, kept in self._refreshes.items() if kept.session.id != session}

    def _drop_expired(self) -> None:
        now = self._clock()
        self._codes = {code: kept for code, kept in self._codes.items() if kept.expires > now}
        self._refreshes = {token: kept for token, kept in self._refreshes.items() if kept.expires > now}


def _proves(verifier: str, challenge: str) -> bool:
    """PKCE's S256 (RFC 7636, section 4.6)."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    hashed = urlsafe_b64encode(sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")
    return hmac.compare_digest(hashed, challenge)
