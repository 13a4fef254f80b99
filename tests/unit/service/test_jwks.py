"""The issuer's keys: kept, renewed when they rotate, and no burden on the issuer."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from joserfc.jwk import ECKey

from waymark.events.store import Unavailable
from waymark.service.jwks import LARGEST, KeyCache, keys_at

ONE, TWO = (ECKey.generate_key("P-256", auto_kid=True) for _ in range(2))


class Issuer:
    """Publishes what a test lets it, and counts."""

    def __init__(self) -> None:
        self.now, self.reads, self.away = 0.0, 0, False
        self.keys: list[Any] = [ONE.as_dict(private=False)]
        self.cache = KeyCache(self.published, lambda: self.now)

    def published(self) -> dict[str, Any]:
        self.reads += 1
        if self.away:
            raise Unavailable("away")
        return {"keys": self.keys}


def test_keys_are_read_once_in_ten_minutes() -> None:
    issuer = Issuer()
    for issuer.now in (0, 60, 599, 601, 700):
        assert issuer.cache.key(ONE.kid).kid == ONE.kid
    assert issuer.reads == 2


def test_a_rotated_key_is_found_by_its_new_id() -> None:
    issuer = Issuer()
    issuer.cache.key(ONE.kid)
    issuer.now, issuer.keys = 31, [TWO.as_dict(private=False)]
    assert issuer.cache.key(TWO.kid).kid == TWO.kid
    with pytest.raises(ValueError):
        issuer.cache.key(ONE.kid)


def test_made_up_key_ids_cost_the_issuer_one_read_in_thirty_seconds() -> None:
    issuer = Issuer()
    issuer.cache.key(ONE.kid)
    for at in range(1000):
        issuer.now = at / 20  # 50 seconds
        with pytest.raises(ValueError):
            issuer.cache.key(f"made-up-{at}")
    assert issuer.reads == 2


def test_while_the_issuer_is_away_the_keys_it_gave_go_on() -> None:
    issuer = Issuer()
    issuer.cache.key(ONE.kid)
    issuer.away = True
    for issuer.now in range(601, 1000):
        issuer.cache.key(ONE.kid)
    assert issuer.reads <= 15


def test_an_issuer_that_was_never_there_is_unavailable_and_asked_seldom() -> None:
    issuer = Issuer()
    issuer.away = True
    for issuer.now in (0, 0.5, 1, 1.5):
        with pytest.raises(Unavailable):
            issuer.cache.key(ONE.kid)
    assert issuer.reads == 1
    issuer.away, issuer.now = False, 3
    assert issuer.cache.key(ONE.kid).kid == ONE.kid


@pytest.mark.parametrize("keys", [{}, "x", [1], [{"kty": "EC"}], [{"kty": "oct", "k": "c2VjcmV0", "kid": "s"}], []], ids=str)
def test_a_key_set_of_nonsense_is_as_good_as_none(keys: Any) -> None:
    issuer = Issuer()
    issuer.keys = keys
    with pytest.raises(Unavailable):
        issuer.cache.key("s")


def test_a_key_of_another_kind_does_not_spoil_the_others() -> None:
    issuer = Issuer()
    issuer.keys = [{"kty": "OKP", "crv": "X25519", "x": "AA", "kid": "x"}, {"kty": "EC", "kid": "damaged"}, *issuer.keys]
    assert issuer.cache.key(ONE.kid).kid == ONE.kid


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = {"/keys": json.dumps({"keys": [ONE.as_dict(private=False)]}).encode(), "/text": b"hello", "/large": b" " * (LARGEST + 1)}
        self.send_response(200 if self.path in content else 500)
        self.end_headers()
        self.wfile.write(content.get(self.path, b""))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the standard library's
        """Quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_keys_come_over_http(address: str) -> None:
    assert KeyCache(keys_at(f"{address}/keys")).key(ONE.kid).kid == ONE.kid


@pytest.mark.parametrize("path", ["/text", "/large", "/missing"])
def test_an_answer_that_is_no_key_set_is_unavailable(address: str, path: str) -> None:
    with pytest.raises(Unavailable):
        keys_at(address + path)()


def test_keys_are_read_over_http_only() -> None:
    with pytest.raises(ValueError):
        keys_at("file:///etc/passwd")
