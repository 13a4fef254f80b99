"""The reverse proxy, over loopback, against upstreams that really are servers."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.unit.tools.front_client import Reader
from waymark.tools.front import Route, RouteRefused, front_app, route


class Echo(BaseHTTPRequestHandler):
    """An upstream that tells what it was asked. Every connection has a number."""

    protocol_version = "HTTP/1.1"
    connections = 0
    release = Event()

    def setup(self) -> None:
        super().setup()
        type(self).connections += 1
        self.number = type(self).connections

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class calls it so
        pass

    def received(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_GET(self) -> None:
        body = self.received()
        told = {
            "method": self.command,
            "target": self.path,
            "headers": [[name, value] for name, value in self.headers.items()],
            "body": body.decode("latin-1"),
            "connection": self.number,
        }
        self.send(200, json.dumps(told).encode(), ("Content-Type", "application/json"))

    do_POST = do_PUT = do_HEAD = do_GET  # noqa: N815  the base class calls them so

    def send(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Length", str(len(body))), ("Connection", "keep-alive"), ("Keep-Alive", "timeout=5"), *headers):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., int]]:
    """Starts servers; gives their ports. Closes what the front keeps open for as long as it runs."""
    servers: list[ThreadingHTTPServer] = []
    connections: list[http.client.HTTPConnection] = []

    class Recorded(http.client.HTTPConnection):
        def connect(self) -> None:
            super().connect()
            connections.append(self)

    monkeypatch.setattr("waymark.tools.front.upstream.HTTPConnection", Recorded)

    def start(**methods: Callable[[Any], None]) -> int:
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Echo", (Echo,), {"connections": 0, "release": Event(), **methods}))
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        return server.server_address[1]

    yield start
    for connection in connections:
        connection.close()
    for server in servers:
        server.RequestHandlerClass.release.set()
        server.shutdown()
        server.server_close()


def rest(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"rest"]


def front(*routes: Route) -> Reader:
    return Reader(front_app(routes, rest))


def plans(port: int) -> Reader:
    return front(Route("/plans", "127.0.0.1", port))


def told_headers(told: dict[str, Any], name: str) -> list[str]:
    return [value for key, value in told["headers"] if key.lower() == name.lower()]


def test_the_longest_prefix_wins_and_is_a_whole_word(upstream: Callable[..., int]) -> None:
    def named(name: str) -> Callable[[Echo], None]:
        return lambda self: self.send(200, name.encode())

    client = front(
        Route("/plans", "127.0.0.1", upstream(do_GET=named("plans"))), Route("/plans/v1/bulk", "127.0.0.1", upstream(do_GET=named("bulk")))
    )
    answers = [client.get(path).text for path in ("/plans", "/plans/v1/x", "/plans/v1/bulk/7", "/plans/v1/bulky", "/plansets", "/")]
    assert answers == ["plans", "plans", "bulk", "plans", "rest", "rest"]


@pytest.mark.parametrize("target", ["/plans/a%2Fb%20c?x=1&x=%C3%A9&y", "/plans/..%2f..%2fetc", "/plans/a//b/?", "/plans/%E2%82%AC"])
def test_path_and_query_arrive_as_they_were_written(upstream: Callable[..., int], target: str) -> None:
    server = make_server("127.0.0.1", 0, front_app([Route("/plans", "127.0.0.1", upstream())], rest), request_handler=Quiet)
    Thread(target=server.handle_request, daemon=True).start()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.request("GET", target)
    assert json.loads(connection.getresponse().read())["target"] == target
    connection.close()
    server.server_close()


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  the base class calls it so
        pass


def test_method_headers_and_body_arrive(upstream: Callable[..., int]) -> None:
    told = (
        plans(upstream())
        .put("/plans/v1/x", data=b"\x00\xff", headers={"If-Match": '"3"', "Authorization": "Bearer x", "Content-Type": "a/b"})
        .get_json()
    )
    assert (told["method"], told["body"]) == ("PUT", "\x00\xff")
    assert told_headers(told, "If-Match") == ['"3"']
    assert told_headers(told, "Authorization") == ["Bearer x"]
    assert told_headers(told, "Content-Type") == ["a/b"]
    assert told_headers(told, "Content-Length") == ["2"]


def test_hop_by_hop_headers_stay_on_their_hop(upstream: Callable[..., int]) -> None:
    sent = {
        "Connection": "keep-alive, X-Secret",
        "X-Secret": "1",
        "Keep-Alive": "9",
        "TE": "trailers",
        "Upgrade": "websocket",
        "X-Kept": "1",
    }
    answer = plans(upstream()).get("/plans", headers=sent)
    told = answer.get_json()
    assert not [name for name in ("Connection", "X-Secret", "Keep-Alive", "TE", "Upgrade") if told_headers(told, name)]
    assert told_headers(told, "X-Kept") == ["1"]
    assert "Keep-Alive" not in answer.headers
    assert "Connection" not in answer.headers


def test_forwarding_headers_are_ours_and_the_clients_are_not_believed(upstream: Callable[..., int]) -> None:
    claimed = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/x", "Forwarded": "for=6.6.6.6"}
    told = (
        plans(upstream())
        .get("/plans", base_url="https://waymark.example", headers=claimed, environ_overrides={"REMOTE_ADDR": "10.0.0.7"})
        .get_json()
    )
    assert told_headers(told, "X-Forwarded-For") == ["10.0.0.7"]
    assert told_headers(told, "X-Forwarded-Proto") == ["https"]
    assert told_headers(told, "X-Forwarded-Host") == told_headers(told, "Host") == ["waymark.example"]
    assert not told_headers(told, "Forwarded")
    assert not told_headers(told, "X-Forwarded-Prefix")


def test_a_body_of_unknown_length_is_passed_on_in_chunks(upstream: Callable[..., int]) -> None:
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    told = plans(upstream()).post("/plans", data=b"x" * 200_000, environ_overrides=chunked | {"CONTENT_LENGTH": ""}).get_json()
    assert told["body"] == "x" * 200_000
    assert told_headers(told, "Transfer-Encoding") == ["chunked"]


def test_status_headers_and_repeated_headers_come_back(upstream: Callable[..., int]) -> None:
    def answer(self: Echo) -> None:
        self.send(412, b"{}", ("Content-Type", "application/problem+json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("ETag", '"4"'))

    got = plans(upstream(do_GET=answer)).get("/plans")
    assert (got.status_code, got.content_type, got.headers["ETag"]) == (412, "application/problem+json", '"4"')
    assert got.headers.getlist("Set-Cookie") == ["a=1", "b=2"]


def test_head_and_bodyless_answers_pass(upstream: Callable[..., int]) -> None:
    client = plans(upstream(do_DELETE=lambda self: (self.send_response(204), self.end_headers())))
    head = client.head("/plans")
    assert (head.status_code, head.data) == (200, b"")
    assert int(head.headers["Content-Length"]) > 0
    assert client.delete("/plans").status_code == 204
    assert client.get("/plans").status_code == 200


def test_an_answer_streams_before_it_is_complete(upstream: Callable[..., int]) -> None:
    def slowly(self: Echo) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"5\r\nfirst\r\n")
        self.release.wait(5)
        self.wfile.write(b"4\r\nlast\r\n0\r\n\r\n")

    release = Event()
    answer = plans(upstream(do_GET=slowly, release=release)).get("/plans", buffered=False)
    pieces = answer.iter_encoded()
    assert next(pieces) == b"first"
    release.set()
    assert b"".join(pieces) == b"last"
    answer.close()


def test_an_upload_streams_before_it_is_complete(upstream: Callable[..., int]) -> None:
    arrived = Event()

    def partly(self: Echo) -> None:
        self.rfile.read(65536)
        arrived.set()
        self.rfile.read(65536)
        self.send(200, b"done")

    class Body:
        pieces = 0

        def read(self, size: int) -> bytes:
            self.pieces += 1
            if self.pieces == 2:
                assert arrived.wait(5), "the first piece was held back"
            return b"x" * size

    overrides = {"wsgi.input": Body(), "CONTENT_LENGTH": str(2 * 65536)}
    assert plans(upstream(do_POST=partly)).post("/plans", environ_overrides=overrides).text == "done"


def test_connections_are_kept_for_reading_and_fresh_for_writing(upstream: Callable[..., int]) -> None:
    client = plans(upstream())
    numbers = [client.open("/plans", method=method).get_json()["connection"] for method in ("GET", "GET", "POST", "GET", "PUT")]
    assert numbers[0] == numbers[1]
    assert numbers[2] != numbers[1]
    assert numbers[4] not in numbers[:4]


def test_a_kept_connection_that_the_upstream_closed_costs_a_reader_nothing(upstream: Callable[..., int]) -> None:
    def once(self: Echo) -> None:
        self.send(200, str(self.number).encode())
        self.close_connection = True  # without having said so

    client = plans(upstream(do_GET=once))
    first = client.get("/plans").text
    time.sleep(0.05)
    second = client.get("/plans")
    assert (second.status_code, second.text != first) == (200, True)


def test_a_write_that_breaks_is_not_sent_again(upstream: Callable[..., int]) -> None:
    arrived: list[bytes] = []

    def broken(self: Echo) -> None:
        arrived.append(self.received())
        self.close_connection = True

    answer = plans(upstream(do_POST=broken)).post("/plans", data=b"once")
    assert answer.status_code == 502
    assert arrived == [b"once"]


def test_an_upstream_that_is_away_is_a_502_problem_that_names_it() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        answer = plans(port).get("/plans/v1/x")
    assert answer.status_code == 502
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == "upstream-away"
    assert f"127.0.0.1:{port}" in answer.get_json()["detail"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "nonsense", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"x" * 70_000]
)
def test_an_upstream_that_speaks_nonsense_is_a_502(upstream: Callable[..., int], nonsense: bytes) -> None:
    def speak(self: Echo) -> None:
        self.wfile.write(nonsense)
        self.close_connection = True

    assert plans(upstream(do_GET=speak)).get("/plans").status_code == 502


def test_an_upstream_that_does_not_answer_is_a_504(upstream: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waymark.tools.front.upstream.ANSWER_SECONDS", 0.05)
    release = Event()
    answer = plans(upstream(do_GET=lambda self: release.wait(5), release=release)).get("/plans")
    assert answer.status_code == 504
    assert answer.get_json()["code"] == "upstream-slow"


def test_an_answer_that_breaks_off_never_looks_whole(upstream: Callable[..., int]) -> None:
    def half(self: Echo) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"half")
        self.close_connection = True

    answer = plans(upstream(do_GET=half)).get("/plans", buffered=False)
    with pytest.raises(http.client.IncompleteRead):
        list(answer.iter_encoded())
    answer.close()


def test_an_upstream_that_goes_away_before_the_first_byte_of_its_body_is_a_502(upstream: Callable[..., int]) -> None:
    def nothing(self: Echo) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        self.close_connection = True

    answer = plans(upstream(do_POST=nothing)).post("/plans", data=b"once")
    assert (answer.status_code, answer.get_json()["code"]) == (502, "upstream-away")


def test_an_upload_that_is_refused_early_gets_the_upstreams_answer(upstream: Callable[..., int]) -> None:
    def refuse(self: Echo) -> None:
        self.send(413, b"too large", ("Connection", "close"))
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_WR)
        self.release.wait(0.2)

    answer = plans(upstream(do_POST=refuse)).post("/plans", data=b"x" * 3_000_000)
    assert (answer.status_code, answer.text) == (413, "too large")


def test_a_request_that_is_cut_off_is_not_passed_on_as_whole(upstream: Callable[..., int]) -> None:
    wholly: list[bytes] = []

    def receive(self: Echo) -> None:
        body = self.received()
        if len(body) == 10:
            wholly.append(body)
        self.close_connection = True

    answer = plans(upstream(do_POST=receive)).post("/plans", data=b"half", environ_overrides={"CONTENT_LENGTH": "10"})
    assert answer.status_code == 400
    assert answer.get_json()["code"] == "request-cut"
    assert wholly == []


def test_a_body_that_cannot_be_read_is_the_clients_fault_and_not_the_upstreams(upstream: Callable[..., int]) -> None:
    class Malformed:
        def read(self, size: int) -> bytes:
            raise OSError("invalid chunk size")

    overrides = {"wsgi.input": Malformed(), "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    assert plans(upstream()).post("/plans", environ_overrides=overrides).get_json()["code"] == "request-cut"


def test_oversized_headers_and_addresses_are_refused_with_the_limit() -> None:
    client = front()
    large = client.get("/", headers={"X-Large": "x" * 17_000})
    assert (large.status_code, large.get_json()["code"]) == (431, "headers-too-large")
    assert "16384" in large.get_json()["detail"]
    long = client.get("/?" + "x" * 9_000)
    assert (long.status_code, long.get_json()["code"]) == (414, "address-too-long")


def test_a_route_is_a_prefix_and_an_address() -> None:
    assert route("/plans=http://127.0.0.1:8402") == Route("/plans", "127.0.0.1", 8402)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/plans",
        "plans=http://h:1",
        "/=http://h:1",
        "/plans/=http://h:1",
        "/plans=https://h:1",
        "/plans=http://h",
        "/plans=http://h:port",
        "/plans=http://h:1/x",
        "/plans=http://u@h:1",
    ],
)
def test_an_unusable_route_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(RouteRefused, match=r"like (/plans|http://127\.0\.0\.1:8402)"):
        route(text)
