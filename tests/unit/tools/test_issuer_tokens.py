"""The token endpoint, what it signs, discovery and the keys' document."""

import json
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.unit.tools.issuer_browser import ADA, BACK, BEN, ISSUER, VERIFIER, Browser
from waymark.tools.issuer import IssuerSettings, SigningKeys, create_app, mint


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(tmp_path, redirects=("http://localhost:5173/in",))


def verified(browser: Browser, token: str) -> jwt.Token:
    return jwt.decode(token, KeySet.import_key_set(browser.get("/jwks.json").get_json()), algorithms=["ES256"])


def test_a_code_gives_an_access_token_that_says_who_and_nothing_about_permissions(browser: Browser) -> None:
    answer = browser.sign_in(ADA.sub)
    token = verified(browser, answer["access_token"])
    now = int(browser.clock.now)
    assert token.claims == {"iss": ISSUER, "aud": "waymark", "sub": "t-ada", "district": "demo", "iat": now, "exp": now + 3600}
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)


def test_the_id_token_is_for_the_web_and_carries_name_and_nonce(browser: Browser) -> None:
    claims = verified(browser, browser.sign_in(ADA.sub)["id_token"]).claims
    assert (claims["aud"], claims["sub"], claims["name"], claims["nonce"]) == ("waymark-web", "t-ada", "Ada Okafor", "n-1")


def test_token_answers_are_never_stored(browser: Browser) -> None:
    assert browser.redeem(browser.code()).headers["Cache-Control"] == "no-store"
    assert browser.redeem("unknown").headers["Cache-Control"] == "no-store"


def test_a_code_works_once_and_its_second_use_ends_what_it_gave(browser: Browser) -> None:
    code = browser.code()
    first = browser.redeem(code).get_json()
    assert browser.redeem(code).get_json()["error"] == "invalid_grant"
    assert browser.refresh(first["refresh_token"]).get_json()["error"] == "invalid_grant"


@pytest.mark.parametrize("seconds, status", [(59, 200), (60, 400)])
def test_a_code_expires_after_sixty_seconds(browser: Browser, seconds: int, status: int) -> None:
    code = browser.code()
    browser.clock.now += seconds
    assert browser.redeem(code).status_code == status


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": "v" * 42},
        {"code_verifier": "é" * 64},
        {"redirect_uri": BACK + "/"},
        {"code": "unknown"},
    ],
)
def test_a_code_is_worth_nothing_to_someone_else_and_is_used_up_by_the_attempt(browser: Browser, changed: dict[str, str | None]) -> None:
    code = browser.code()
    assert browser.redeem(code, **changed).get_json()["error"] == "invalid_grant"
    assert browser.redeem(code).status_code == (200 if "code" in changed else 400)


@pytest.mark.parametrize(
    "changed, error",
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_id": None}, "invalid_request"),
        ({"client_id": "other"}, "invalid_client"),
        ({"code": None}, "invalid_request"),
        ({"code_verifier": None}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
    ],
)
def test_a_faulty_token_request_gets_its_error_code(browser: Browser, changed: dict[str, str | None], error: str) -> None:
    answer = browser.redeem(browser.code(), **changed)
    assert answer.status_code == 400
    assert answer.get_json()["error"] == error
    assert answer.get_json()["error_description"]


def test_a_token_request_must_be_a_form_without_doubles_and_of_sane_size(browser: Browser) -> None:
    assert browser.post("/token", json={"grant_type": "refresh_token"}).get_json()["error"] == "invalid_request"
    doubled = {"grant_type": ["refresh_token", "refresh_token"]}
    assert "more than once" in browser.post("/token", data=doubled).get_json()["error_description"]
    huge = browser.post("/token", data={"client_id": "x" * 100_000})
    assert huge.status_code == 413
    assert huge.get_json()["error"] == "invalid_request"
    assert browser.get("/token").status_code == 405


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["grant_type", "client_id", "code", "code_verifier", "redirect_uri", "refresh_token"]),
        st.text(string.printable + "é\0"),
    )
)
def test_no_form_makes_the_token_endpoint_fail(browser: Browser, form: dict[str, str]) -> None:
    answer = browser.redeem("x", **form)
    assert answer.status_code == 400
    assert set(answer.get_json()) == {"error", "error_description"}


def test_refreshing_gives_new_tokens_through_a_working_day(browser: Browser) -> None:
    token = browser.sign_in(BEN.sub)["refresh_token"]
    for _ in range(9):
        browser.clock.now += 3600
        answer = browser.refresh(token).get_json()
        assert verified(browser, answer["access_token"]).claims["exp"] == browser.clock.now + 3600
        assert answer["refresh_token"] != token
        token = answer["refresh_token"]


def test_a_refresh_token_that_comes_back_later_ends_the_session(browser: Browser) -> None:
    first = browser.sign_in()["refresh_token"]
    second = browser.refresh(first).get_json()["refresh_token"]
    browser.clock.now += 11
    assert browser.refresh(first).get_json()["error"] == "invalid_grant"
    assert browser.refresh(second).get_json()["error"] == "invalid_grant"


def test_two_tabs_that_refresh_at_once_share_the_successor(browser: Browser) -> None:
    first = browser.sign_in()["refresh_token"]
    second = browser.refresh(first).get_json()["refresh_token"]
    third = browser.refresh(second).get_json()["refresh_token"]
    assert browser.refresh(first).get_json()["refresh_token"] == third


def test_a_refresh_token_left_alone_expires(browser: Browser) -> None:
    token = browser.sign_in()["refresh_token"]
    browser.clock.now += 12 * 3600
    assert browser.refresh(token).status_code == 400


def test_someone_who_left_the_demo_people_is_refreshed_no_more(browser: Browser) -> None:
    token = browser.sign_in(ADA.sub)["refresh_token"]
    browser.people = (BEN,)
    assert browser.refresh(token).get_json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "origin, allowed",
    [("http://127.0.0.1:8400", True), ("http://localhost:5173", True), ("http://evil.example", False), ("null", False), ("", False)],
)
def test_only_the_webs_own_origins_may_read_a_token_answer(browser: Browser, origin: str, allowed: bool) -> None:
    answer = browser.post("/token", data={}, headers={"Origin": origin})
    assert answer.headers.get("Access-Control-Allow-Origin") == (origin if allowed else None)
    assert "Origin" in answer.headers["Vary"]


def test_a_preflight_from_the_webs_own_origin_is_answered(browser: Browser) -> None:
    answer = browser.client.options("/issuer/token", base_url="http://127.0.0.1:8400", headers={"Origin": "http://localhost:5173"})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"


def test_discovery_names_the_issuer_and_addresses_on_the_host_that_was_asked(browser: Browser) -> None:
    at_number = browser.get("/.well-known/openid-configuration")
    at_name = browser.client.get("/issuer/.well-known/openid-configuration", base_url="http://localhost:8400")
    assert at_number.get_json()["issuer"] == at_name.get_json()["issuer"] == ISSUER
    assert at_number.get_json()["token_endpoint"] == "http://127.0.0.1:8400/issuer/token"
    assert at_name.get_json()["token_endpoint"] == "http://localhost:8400/issuer/token"
    assert at_number.get_json()["code_challenge_methods_supported"] == ["S256"]
    assert at_number.headers["Access-Control-Allow-Origin"] == "*"


def test_every_address_of_the_discovery_document_exists(browser: Browser) -> None:
    document = browser.get("/.well-known/openid-configuration").get_json()
    for name in ("authorization_endpoint", "token_endpoint", "end_session_endpoint", "jwks_uri"):
        path = document[name].removeprefix("http://127.0.0.1:8400/issuer")
        assert browser.client.options(f"/issuer{path}", base_url="http://127.0.0.1:8400").status_code == 200, name


def test_the_keys_document_holds_no_private_part(browser: Browser) -> None:
    (key,) = browser.get("/jwks.json").get_json()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "use", "alg", "kid"}


def test_an_unknown_path_is_a_problem_document(browser: Browser) -> None:
    answer = browser.get("/nothing")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert json.loads(answer.text)["status"] == 404


def test_every_route_lies_under_the_mount(tmp_path: Path) -> None:
    app = create_app(IssuerSettings(issuer="https://school.example/sign/in", keys=tmp_path, district="demo"), list)
    assert {str(rule).rsplit("/sign/in/", 1)[0] for rule in app.url_map.iter_rules()} == {""}


def test_mint_needs_no_server_and_no_file() -> None:
    keys = SigningKeys.generate()
    token = jwt.decode(mint("x", "north", keys=keys, issuer="http://i", seconds=5, now=100.9), keys.key_set, algorithms=["ES256"])
    assert token.claims == {"iss": "http://i", "aud": "waymark", "sub": "x", "district": "north", "iat": 100, "exp": 105}
    assert token.header == {"alg": "ES256", "typ": "at+jwt", "kid": keys.newest.kid}


def test_the_verifier_is_hashed_as_rfc_7636_says_in_appendix_b(browser: Browser) -> None:
    code = browser.code(code_challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    assert browser.redeem(code, code_verifier="dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").status_code == 200
    assert browser.redeem(browser.code(), code_verifier=VERIFIER).status_code == 200
