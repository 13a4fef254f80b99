"""What anyone may read: the discovery document and the public keys."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request

from .addresses import is_web_address, origin
from .keys import ALGORITHM, KeyFile
from .settings import IssuerSettings


def discovery(settings: IssuerSettings, keys: KeyFile) -> Blueprint:
    """OpenID Connect Discovery and the JSON Web Key Set."""
    published = Blueprint("discovery", __name__)

    @published.get("/.well-known/openid-configuration")
    def configuration() -> Response:
        return jsonify(_configuration(settings, base_address(settings, request.host_url)))

    @published.get("/jwks.json")
    def jwks() -> Response:
        answer = jsonify(keys.keys().published())
        answer.cache_control.max_age = 300
        return answer

    @published.after_request
    def _open_to_all(answer: Response) -> Response:
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    return published


def base_address(settings: IssuerSettings, host_url: str) -> str:
    """Where the caller reaches the issuer: `localhost` and `127.0.0.1` are one machine but two origins to a browser.

    The issuer's own address holds for its own host, so that https in front of us is not mistaken for http.
    """
    if not is_web_address(host_url) or urlsplit(host_url).netloc == urlsplit(settings.issuer).netloc:
        return settings.issuer
    return origin(host_url) + settings.mount


def _configuration(settings: IssuerSettings, base: str) -> dict[str, Any]:
    return {
        "issuer": settings.issuer,
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "end_session_endpoint": f"{base}/end-session",
        "jwks_uri": f"{base}/jwks.json",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": ["openid"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "claims_supported": ["iss", "aud", "sub", "name", "sid", "auth_time", "iat", "exp", "nonce"],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
