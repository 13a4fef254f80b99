"""The token endpoint (RFC 6749 sections 4.1.3 and 6, RFC 7636): a code or a refresh token in, signed tokens out."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from .addresses import is_web_address, origin
from .grants import GrantRefused, Grants, Session
from .keys import KeyFile
from .own_hosts import refuse_foreign_host
from .people import DemoPerson
from .settings import IssuerSettings
from .tokens import Clock, identity, mint


class TokenRefused(Exception):
    """An error answer (RFC 6749, section 5.2)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error


def token_endpoint(
    settings: IssuerSettings, keys: KeyFile, people: Callable[[], Sequence[DemoPerson]], grants: Grants, clock: Clock
) -> Blueprint:
    """`POST /token` for the one public client."""
    tokens = Blueprint("token", __name__)

    @tokens.post("/token")
    def token() -> Response:
        session, refresh, nonce = _granted(settings, grants)
        person = next((person for person in people() if person.sub == session.sub), None)
        if person is None:
            grants.end(session.id)
            raise GrantRefused("the person is no longer among the demo people")
        signing, now, seconds = keys.keys(), clock(), settings.access_seconds
        access = mint(
            person.sub, settings.district, keys=signing, issuer=settings.issuer, audience=settings.audience, seconds=seconds, now=now
        )
        who = identity(person, keys=signing, settings=settings, session=session.id, signed_in=session.since, nonce=nonce, now=now)
        return jsonify(access_token=access, token_type="Bearer", expires_in=seconds, refresh_token=refresh, id_token=who, scope="openid")

    tokens.before_request(lambda: refuse_foreign_host(settings))
    tokens.after_request(lambda answer: _shared(answer, settings))
    tokens.register_error_handler(TokenRefused, lambda refusal: _error(400, refusal.error, str(refusal)))
    tokens.register_error_handler(GrantRefused, lambda refusal: _error(400, "invalid_grant", str(refusal)))
    tokens.register_error_handler(
        HTTPException, lambda error: _error(error.code or 400, "invalid_request", error.description or error.name)
    )
    return tokens


def _granted(settings: IssuerSettings, grants: Grants) -> tuple[Session, str, str | None]:
    """The session that the request's grant stands for, its next refresh token, and the nonce. Raises TokenRefused, GrantRefused."""
    if request.mimetype != "application/x-www-form-urlencoded":
        raise TokenRefused("invalid_request", "the body must be application/x-www-form-urlencoded")
    repeated = sorted(name for name, values in request.form.lists() if len(values) > 1)
    if repeated:
        raise TokenRefused("invalid_request", f"{repeated[0]} is given more than once")
    if _field("client_id") != settings.client:
        raise TokenRefused("invalid_client", f"the only client is {settings.client}")
    grant_type = _field("grant_type")
    if grant_type == "authorization_code":
        return grants.redeem(_field("code"), redirect_uri=_field("redirect_uri"), verifier=_field("code_verifier"))
    if grant_type == "refresh_token":
        return *grants.refresh(_field("refresh_token")), None
    raise TokenRefused("unsupported_grant_type", "grant_type must be authorization_code or refresh_token")


def _field(name: str) -> str:
    value = request.form.get(name)
    if not value:
        raise TokenRefused("invalid_request", f"{name} is missing")
    return value


def _error(status: int, error: str, description: str) -> Response:
    answer = jsonify(error=error, error_description=description)
    answer.status_code = status
    return answer


def _shared(answer: Response, settings: IssuerSettings) -> Response:
    """Let a browser hand the answer to the web application's own origins, and to nobody else's."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.vary.add("Origin")
    asking = request.headers.get("Origin", "")
    if asking in {origin(address) for address in (settings.issuer, request.host_url, *settings.redirects) if is_web_address(address)}:
        answer.headers["Access-Control-Allow-Origin"] = asking
        answer.headers["Access-Control-Allow-Methods"] = "POST"
        answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
    return answer
