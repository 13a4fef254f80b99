"""The sign-in page, the way back from it, and the sign-out."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from tests.unit.tools.issuer_browser import ADA, BACK, BEN, CYD, ISSUER, Browser, asked, returned
from waymark.tools.issuer import DemoPerson


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(tmp_path)


def test_the_page_groups_people_by_role_with_school_and_line(browser: Browser) -> None:
    page = browser.ask().text
    assert re.findall(r"<h2[^>]*>([^<]+?)\s*<", page) == ["District administrators", "Teachers", "Students"]
    assert all(text in page for text in (ADA.name, ADA.place, ADA.blurb, BEN.name))


def test_a_name_is_text_and_never_markup(browser: Browser) -> None:
    assert "Cyd &lt;b&gt;Ng&lt;/b&gt;" in browser.ask().text


def test_the_page_says_its_language_labels_its_search_and_follows_the_color_scheme(browser: Browser) -> None:
    page = browser.ask().text
    assert '<html lang="en">' in page
    assert '<label for="q">' in page
    assert 'id="q"' in page
    assert "color-scheme: light dark" in page
    assert page.count("<h1") == 1


def test_the_page_may_load_nothing_but_its_own_stylesheet(browser: Browser) -> None:
    answer = browser.ask()
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert f"style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy
    assert "<script" not in answer.text
    assert not re.search(r"\s(style|on\w+)=", answer.text)


def test_the_policy_allows_the_form_to_end_at_the_application(tmp_path: Path) -> None:
    browser = Browser(tmp_path, redirects=("http://localhost:5173/in",))
    assert (
        "form-action 'self' http://localhost:5173;"
        in browser.ask(redirect_uri="http://localhost:5173/in").headers["Content-Security-Policy"]
    )


@pytest.mark.parametrize("search", ["ibanez", "BEN", "district", "a-ben", "ben district"])
def test_search_needs_no_javascript_and_ignores_case_and_accents(browser: Browser, search: str) -> None:
    page = browser.ask(q=search).text
    assert BEN.name in page
    assert ADA.name not in page
    assert "1 of 3 people found" in page


def test_search_keeps_the_request(browser: Browser) -> None:
    page = browser.ask(q="ada").text
    for name, value in asked().items():
        assert page.count(f'name="{name}" value="{value.replace("&", "&amp;")}"') == 2, name


def test_a_search_that_finds_nobody_says_so(browser: Browser) -> None:
    assert "Nobody fits “zzz”" in browser.ask(q="zzz").text


def test_a_long_group_is_cut_and_says_how_many_are_left(tmp_path: Path) -> None:
    crowd = [DemoPerson(f"s-{n}", f"Student {n}", "student", "Lincoln School") for n in range(30)]
    page = Browser(tmp_path, people=crowd).ask().text
    assert page.count('name="sub"') == 12
    assert "and 18 more" in page


def test_an_empty_district_is_told_and_not_an_error(tmp_path: Path) -> None:
    answer = Browser(tmp_path, people=()).ask()
    assert answer.status_code == 200
    assert "There are no demo people yet" in answer.text


def test_choosing_sends_back_a_code_the_state_and_the_issuer(browser: Browser) -> None:
    answer = browser.choose(ADA.sub)
    assert answer.headers["Location"].startswith(BACK + "?")
    assert returned(answer)["state"] == "st&te"
    assert returned(answer)["iss"] == ISSUER
    assert len(returned(answer)["code"]) >= 43
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_choosing_someone_unknown_shows_the_page_again(browser: Browser) -> None:
    answer = browser.choose("nobody")
    assert answer.status_code == 400
    assert "choose again" in answer.text
    assert ADA.name in answer.text


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "http://127.0.0.1:8400/",
        "http://127.0.0.1:8400/any/page?with=query",
        "http://LOCALHOST:8400/signed-in",
        "https://waymark.example:9443/in",
    ],
)
def test_a_redirect_to_the_own_origin_or_to_a_listed_address_is_allowed(tmp_path: Path, redirect_uri: str) -> None:
    browser = Browser(tmp_path, redirects=("https://waymark.example:9443/in",))
    answer = browser.client.get("/issuer/authorize", base_url="http://localhost:8400", query_string=asked(redirect_uri=redirect_uri))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "redirect_uri",
    [
        None,
        "",
        "/signed-in",
        "//evil.example/",
        "http://evil.example/",
        "http://127.0.0.1:8401/signed-in",
        "https://127.0.0.1:8400/signed-in",
        "http://127.0.0.1:8400/signed-in#fragment",
        "http://127.0.0.1:8400@evil.example/",
        "http://evil@127.0.0.1:8400/",
        "http://127.0.0.1:8400\\@evil.example/",
        "http://127.0.0.1:8400/\r\nSet-Cookie: a=b",
        "http://127.0.0.1:port/",
        "javascript:alert(1)",
        "https://waymark.example:9443/in/",
        "https://waymark.example:9443/in?more=1",
        "https://waymark.example:9443/IN",
    ],
)
def test_any_other_redirect_is_refused_without_going_there(tmp_path: Path, redirect_uri: str | None) -> None:
    browser = Browser(tmp_path, redirects=("https://waymark.example:9443/in",))
    for answer in (browser.ask(redirect_uri=redirect_uri), browser.choose(ADA.sub, redirect_uri=redirect_uri)):
        assert answer.status_code == 400
        assert "Location" not in answer.headers
        assert "redirect_uri" in answer.text


def test_an_unknown_client_is_refused_without_going_anywhere(browser: Browser) -> None:
    assert browser.ask(client_id="other").status_code == 400


@pytest.mark.parametrize(
    "changed, error",
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"request": "a.b.c"}, "request_not_supported"),
        ({"nonce": "n" * 2001}, "invalid_request"),
    ],
)
def test_a_faulty_request_goes_back_to_the_application_with_a_code(browser: Browser, changed: dict[str, str | None], error: str) -> None:
    assert returned(browser.ask(**changed))["error"] == error
    assert "code" not in returned(browser.choose(ADA.sub, **changed))


def test_a_parameter_given_twice_is_refused(browser: Browser) -> None:
    twice = [*asked().items(), ("nonce", "other")]
    assert returned(browser.get("/authorize", query_string=twice))["error"] == "invalid_request"
    assert browser.get("/authorize", query_string=[*asked().items(), ("redirect_uri", BACK)]).status_code == 400


@pytest.mark.parametrize("host", ["evil.example:8400", "localhost.evil.example", "127.0.0.1.evil.example:8400", "localhost:port"])
def test_a_foreign_host_name_is_not_answered(browser: Browser, host: str) -> None:
    for path in ("/issuer/authorize", "/issuer/end-session"):
        assert browser.client.get(path, query_string=asked(), headers={"Host": host}).status_code == 421
    assert browser.client.post("/issuer/token", headers={"Host": host}).status_code == 421
    assert browser.client.get("/issuer/.well-known/openid-configuration", headers={"Host": host}).status_code == 200


def test_signing_out_ends_the_session_and_returns_to_the_application(browser: Browser) -> None:
    signed_in = browser.sign_in()
    answer = browser.get(
        "/end-session", query_string={"id_token_hint": signed_in["id_token"], "post_logout_redirect_uri": BACK, "state": "x"}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == BACK + "?state=x"
    assert browser.refresh(signed_in["refresh_token"]).get_json()["error"] == "invalid_grant"


def test_signing_out_ends_no_other_session(browser: Browser) -> None:
    mine, other = browser.sign_in(ADA.sub), browser.sign_in(CYD.sub)
    browser.post("/end-session", data={"id_token_hint": mine["id_token"]})
    assert browser.refresh(other["refresh_token"]).status_code == 200


@pytest.mark.parametrize("hint", ["", "x", "a.b.c", "é.é.é", "eyJhbGciOiJub25lIn0.e30."])
def test_signing_out_with_a_worthless_hint_ends_nothing(browser: Browser, hint: str) -> None:
    session = browser.sign_in()
    answer = browser.get("/end-session", query_string={"id_token_hint": hint})
    assert answer.status_code == 200
    assert "signed out" in answer.text
    assert browser.refresh(session["refresh_token"]).status_code == 200


def test_an_access_token_is_no_hint(browser: Browser) -> None:
    session = browser.sign_in()
    browser.get("/end-session", query_string={"id_token_hint": session["access_token"]})
    assert browser.refresh(session["refresh_token"]).status_code == 200


def test_signing_out_returns_to_no_foreign_address(browser: Browser) -> None:
    answer = browser.get("/end-session", query_string={"post_logout_redirect_uri": "http://evil.example/"})
    assert answer.status_code == 400
    assert "Location" not in answer.headers
