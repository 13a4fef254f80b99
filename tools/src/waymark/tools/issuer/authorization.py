"""Reading an authorization request (RFC 6749 section 4.1.1, RFC 7636, OpenID Connect Core): valid, or refused in one of two ways."""

import re
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from .addresses import is_web_address, origin, with_query
from .settings import IssuerSettings

PASSED_ON = ("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method")
"""The parameters that the sign-in page carries from the request to the choice."""

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST = 2000


class CannotReturn(Exception):
    """The request names no client or address that we may send the browser back to, so the person is told instead."""


class AuthorizationRefused(Exception):
    """The application's request is at fault: the browser goes back to it with `error`, one of RFC 6749's codes."""

    def __init__(self, error: str, description: str, asked: "Returning") -> None:
        super().__init__(f"{error}: {description}")
        self.address = asked.address({"error": error, "error_description": description})


@dataclass(frozen=True)
class Returning:
    """Where the browser goes when the sign-in is over."""

    redirect_uri: str
    state: str | None
    issuer: str

    def address(self, answer: dict[str, str]) -> str:
        """The address to go to with this answer; it says which issuer answers (RFC 9207)."""
        state = {} if self.state is None else {"state": self.state}
        return with_query(self.redirect_uri, answer | state | {"iss": self.issuer})


@dataclass(frozen=True)
class Authorization:
    """A valid request."""

    returning: Returning
    challenge: str
    nonce: str | None


def may_return_to(address: str, settings: IssuerSettings, asked_at: str) -> bool:
    """Whether a sign-in or sign-out may end at an address: a configured one, exactly, or any on the origin that we were asked at."""
    if not is_web_address(address):
        return False
    return address in settings.redirects or origin(address) in {origin(asked_at), origin(settings.issuer)}


def read_authorization(sent: MultiDict[str, str], settings: IssuerSettings, asked_at: str) -> Authorization:
    """Check a request. Raises CannotReturn or AuthorizationRefused."""
    twice = sorted(name for name in PASSED_ON if len(sent.getlist(name)) > 1)
    redirect_uri = sent.get("redirect_uri", "")
    if sent.get("client_id") != settings.client:
        raise CannotReturn(f"client_id is {sent.get('client_id', '')!r}; the only client is {settings.client!r}")
    if {"client_id", "redirect_uri"} & set(twice) or not may_return_to(redirect_uri, settings, asked_at):
        raise CannotReturn(
            f"redirect_uri is {redirect_uri!r}; allowed are addresses on {origin(settings.issuer)} and those in WAYMARK_ISSUER_REDIRECTS"
        )
    returning = Returning(redirect_uri, sent.get("state"), settings.issuer)
    if twice:
        raise AuthorizationRefused("invalid_request", f"{twice[0]} is given more than once", returning)
    _check_response(sent, returning)
    challenge = sent.get("code_challenge", "")
    if sent.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise AuthorizationRefused(
            "invalid_request", "PKCE is required: code_challenge_method=S256 and a code_challenge of 43 characters", returning
        )
    if any(len(sent.get(name, "")) > _LONGEST for name in PASSED_ON):
        raise AuthorizationRefused(
            "invalid_request", f"a parameter is longer than {_LONGEST} characters", Returning(redirect_uri, None, settings.issuer)
        )
    return Authorization(returning, challenge, sent.get("nonce") or None)


def _check_response(sent: MultiDict[str, str], returning: Returning) -> None:
    if sent.get("response_type") != "code":
        raise AuthorizationRefused("unsupported_response_type", "response_type must be code", returning)
    if sent.get("response_mode", "query") != "query":
        raise AuthorizationRefused("invalid_request", "response_mode must be query", returning)
    if "request" in sent or "request_uri" in sent:
        raise AuthorizationRefused("request_not_supported", "request objects are not supported", returning)
    if sent.get("prompt") == "none":
        raise AuthorizationRefused("login_required", "nobody stays signed in here: the person has to choose", returning)
