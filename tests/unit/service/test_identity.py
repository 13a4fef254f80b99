"""A token says who, and only a good one does."""

import base64
import hmac
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from waymark.service.identity import NotSignedIn, Subject, Tokens

ISSUER, NOW = "https://sign-in.waymark.example", 1_800_000_000
EC, RSA = ECKey.generate_key("P-256", auto_kid=True), RSAKey.generate_key(2048, auto_kid=True)
IDENTITY = Tokens(lambda: {"keys": [EC.as_dict(private=False), RSA.as_dict(private=False)]}, ISSUER, clock=lambda: NOW)


def a_token(key: Any = EC, alg: str = "ES256", kid: str | None = "", **claims: Any) -> str:
    said = {"iss": ISSUER, "aud": "waymark", "sub": "ana", "district": "d1", "exp": NOW + 60} | claims
    header = {"alg": alg} | ({"kid": key.kid if kid == "" else kid} if kid is not None else {})
    return jwt.encode(header, {name: value for name, value in said.items() if value is not None}, key, algorithms=[alg])


def refused(header: str | None) -> str:
    with pytest.raises(NotSignedIn) as problem:
        IDENTITY.check(header)
    return problem.value.code


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_good_token_names_its_subject(scheme: str) -> None:
    assert IDENTITY.check(f"{scheme} {a_token()}") == Subject("ana", "d1")


@pytest.mark.parametrize("alg", ["RS256", "PS256"])
def test_an_rsa_key_signs_as_well(alg: str) -> None:
    assert IDENTITY.check(f"Bearer {a_token(RSA, alg)}") == Subject("ana", "d1")


def test_one_audience_among_others_is_enough() -> None:
    assert IDENTITY.check(f"Bearer {a_token(aud=['other', 'waymark'])}").sub == "ana"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Token x"])
def test_no_bearer_token_is_a_missing_one(header: str | None) -> None:
    assert refused(header) == "token-missing"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "waymark-web"},
        {"aud": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": [NOW]},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "a\0b"},
        {"sub": "x" * 256},
        {"district": None},
        {"district": "d1/person"},
        {"district": ""},
        {"district": "platform"},
        {"district": ["d1"]},
        {"nbf": NOW + 61},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_is_invalid(claims: dict[str, Any]) -> None:
    assert refused(f"Bearer {a_token(**claims)}") == "token-invalid"


def test_clocks_may_differ_by_a_minute() -> None:
    assert IDENTITY.check(f"Bearer {a_token(exp=NOW - 59, nbf=NOW + 59)}").sub == "ana"
    assert refused(f"Bearer {a_token(exp=NOW - 61)}") == "token-expired"


def test_a_token_signed_by_another_key_of_the_same_id_is_invalid() -> None:
    assert refused(f"Bearer {a_token(ECKey.generate_key('P-256'), kid=EC.kid)}") == "token-invalid"


def test_a_key_id_that_the_issuer_does_not_publish_is_invalid() -> None:
    assert refused(f"Bearer {a_token(kid='other')}") == "token-invalid"


def test_without_a_key_id_several_keys_are_too_many() -> None:
    assert refused(f"Bearer {a_token(kid=None)}") == "token-invalid"


def by_hand(alg: str, secret: bytes | None) -> str:
    """A token whose header names RSA's key, signed with a secret, or not at all."""

    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).decode().rstrip("=")

    claims = {"iss": ISSUER, "aud": "waymark", "sub": "ana", "district": "d1", "exp": NOW + 60}
    signed = f"{part(json.dumps({'alg': alg, 'kid': RSA.kid}).encode())}.{part(json.dumps(claims).encode())}"
    return f"{signed}.{'' if secret is None else part(hmac.digest(secret, signed.encode(), 'sha256'))}"


@pytest.mark.parametrize("alg, secret", [("HS256", RSA.as_pem(private=False)), ("none", None), ("None", None), ("", None)])
def test_the_tokens_own_word_on_how_it_is_signed_counts_for_nothing(alg: str, secret: bytes | None) -> None:
    assert refused(f"Bearer {by_hand(alg, secret)}") == "token-invalid"


def test_two_headers_joined_into_one_are_invalid() -> None:
    assert refused(f"Bearer {a_token()},Bearer {a_token()}") == "token-invalid"


def test_a_very_long_token_is_not_even_looked_at() -> None:
    started = time.perf_counter()
    assert refused("Bearer " + "e" * 10_000_000) == "token-invalid"
    assert time.perf_counter() - started < 1


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")) | st.lists(st.text("eyJhbGciOiJ.-_0", min_size=1)).map(".".join))
def test_whatever_comes_as_a_token_is_refused_and_never_raises_anything_else(token: str) -> None:
    assert refused(f"Bearer {token}") in ("token-missing", "token-invalid")


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2), max_leaves=3),
    st.sampled_from(["iss", "aud", "sub", "district", "exp", "nbf", "iat"]),
)
def test_whatever_a_claim_holds_is_a_subject_or_a_refusal(value: Any, claim: str) -> None:
    try:
        IDENTITY.check(f"Bearer {a_token(**{claim: value})}")
    except NotSignedIn:
        pass  # the only other outcome
