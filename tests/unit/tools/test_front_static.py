"""The web application's files: types, caching, encodings, the single page, and what is never served."""

import gzip
import re
from pathlib import Path

import pytest

from tests.unit.tools.front_client import Reader
from waymark.tools.front import static_app

GZIPPED = gzip.compress(b"let a = 1;", mtime=0)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>Waymark</title>")
    (built / "favicon.svg").write_text("<svg/>")
    (built / ".env").write_text("SECRET=1")
    (built / "assets" / "app-4f2a.js").write_text("let a = 1;")
    (built / "assets" / "app-4f2a.js.br").write_bytes(b"brotli bytes")
    (built / "assets" / "app-4f2a.js.gz").write_bytes(GZIPPED)
    (built / "assets" / "app-4f2a.css").write_text("a{}")
    (tmp_path / "beside.txt").write_text("outside")
    (built / "link.txt").symlink_to(tmp_path / "beside.txt")
    return built


@pytest.fixture
def web(built: Path) -> Reader:
    return Reader(static_app(built))


@pytest.mark.parametrize(
    "path, content_type",
    [
        ("/index.html", "text/html; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
        ("/assets/app-4f2a.js", "text/javascript; charset=utf-8"),
        ("/assets/app-4f2a.css", "text/css; charset=utf-8"),
    ],
)
def test_files_have_their_content_type(web: Reader, path: str, content_type: str) -> None:
    answer = web.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type)
    assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("path", ["/", "/students", "/students/t1.s2", "/templates/t1/students/s.2026", "/deep/er/"])
def test_addresses_of_the_application_get_its_page(web: Reader, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 200
    assert "<title>Waymark" in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/missing.js", "/old/app.css", "/assets/app-old.js", "/assets/gone", "/robots.txt", "/logo.PNG"])
def test_a_missing_file_is_not_the_page(web: Reader, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == "not-found"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_caller_who_wants_json_is_not_given_the_page(web: Reader) -> None:
    assert web.get("/nothing/v1", headers={"Accept": "application/json"}).status_code == 404
    assert web.get("/nothing/v1", headers={"Accept": "text/html,*/*;q=0.8"}).status_code == 200


def test_hashed_assets_are_kept_for_ever_and_other_files_are_asked_for_again(web: Reader) -> None:
    assert web.get("/assets/app-4f2a.js").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert web.get("/favicon.svg").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/favicon.svg", "/assets/app-4f2a.js"])
def test_an_etag_that_still_fits_answers_304_without_body(web: Reader, path: str) -> None:
    tag = web.get(path).headers["ETag"]
    again = web.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert "Content-Security-Policy" in again.headers
    assert "Cache-Control" in again.headers
    assert web.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_new_build_has_a_new_etag(web: Reader, built: Path) -> None:
    before = web.get("/").headers["ETag"]
    (built / "index.html").write_text("<!doctype html><title>Waymark 2</title>")
    answer = web.get("/", headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != before


@pytest.mark.parametrize(
    "accepted, coding, body",
    [
        ("br, gzip", "br", b"brotli bytes"),
        ("gzip", "gzip", GZIPPED),
        ("gzip;q=1, br;q=0", "gzip", None),
        ("identity", None, b"let a = 1;"),
        ("", None, b"let a = 1;"),
    ],
)
def test_a_compressed_sibling_goes_to_whoever_accepts_it(web: Reader, accepted: str, coding: str | None, body: bytes | None) -> None:
    answer = web.get("/assets/app-4f2a.js", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert body is None or answer.data == body


def test_each_encoding_has_its_own_etag(web: Reader) -> None:
    tags = {web.get("/assets/app-4f2a.js", headers={"Accept-Encoding": coding}).headers["ETag"] for coding in ("br", "gzip", "identity")}
    assert len(tags) == 3
    assert all(re.fullmatch(r'"\w+"', tag) for tag in tags)


def test_a_file_without_sibling_is_sent_plain(web: Reader) -> None:
    assert "Content-Encoding" not in web.get("/assets/app-4f2a.css", headers={"Accept-Encoding": "br, gzip"}).headers


@pytest.mark.parametrize(
    "path",
    [
        "/../beside.txt",
        "/%2e%2e/beside.txt",
        "/assets/../../beside.txt",
        "/..%2fbeside.txt",
        "//etc/passwd.txt",
        "/..\\beside.txt",
        "/link.txt",
        "/a\0b.txt",
        f"/{'x' * 5000}.txt",
    ],
)
def test_nothing_outside_the_folder_is_served(web: Reader, path: str) -> None:
    answer = web.get("/", environ_overrides={"PATH_INFO": path})
    assert answer.status_code == 404
    assert web.get(path.replace("\0", "%00")).status_code == 404


def test_hidden_files_are_not_served(web: Reader) -> None:
    assert "SECRET" not in web.get("/.env").text


def test_head_answers_like_get_without_body(web: Reader) -> None:
    answer = web.head("/assets/app-4f2a.js")
    assert (answer.status_code, answer.data, answer.headers["Content-Length"]) == (200, b"", "10")


def test_other_methods_are_refused_with_what_is_allowed(web: Reader) -> None:
    answer = web.post("/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/", "/assets/app-4f2a.js", "/missing.js"])
def test_every_answer_wears_the_security_headers_once(web: Reader, path: str) -> None:
    headers = web.get(path).headers
    policy = headers["Content-Security-Policy"]
    for rule in (
        "default-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "frame-ancestors 'none'",
        "connect-src 'self'",
    ):
        assert rule in policy.split("; ")
    assert "script-src" not in policy
    assert headers.getlist("X-Content-Type-Options") == ["nosniff"]
    assert headers["Referrer-Policy"] == "same-origin"


def test_an_application_that_is_not_built_says_what_to_do(tmp_path: Path) -> None:
    answer = Reader(static_app(tmp_path / "none")).get("/")
    assert answer.status_code == 404
    assert "make web" in answer.get_json()["detail"]
