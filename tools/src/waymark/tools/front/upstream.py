"""One upstream server: connections kept alive between requests, and one exchange over one of them."""

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from threading import Lock

CONNECT_SECONDS = 3
ANSWER_SECONDS = 120
KEPT_SECONDS = 30
KEPT = 32
CHUNK = 64 * 1024

# Asking these again changes nothing, so they may meet a connection that its upstream is just closing. Everything else gets a fresh one:
# a write whose connection broke may or may not have been carried out, and is never sent a second time.
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS"})


class UpstreamAway(Exception):
    """No answer: the upstream refuses connections, or broke this one off before it answered."""


class UpstreamSlow(Exception):
    """The upstream took the request and has not begun to answer within ANSWER_SECONDS."""


class RequestCut(Exception):
    """The client's body broke off, or cannot be read."""


@dataclass(frozen=True)
class Outgoing:
    """A request as it goes to the upstream. `body` is None for none; `chunked` if its length is unknown."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: Iterator[bytes] | None
    chunked: bool


class Upstream:
    """The connections to one host and port. Safe to use from several threads."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._kept: deque[tuple[HTTPConnection, float]] = deque()
        self._lock = Lock()

    def exchange(self, request: Outgoing) -> "Answer":
        """Send one request and return as soon as the answer's head is there. Raises UpstreamAway, UpstreamSlow, RequestCut."""
        if request.method in REPEATABLE and request.body is None:
            while (kept := self._take()) is not None:
                try:
                    return self._over(kept, request)
                except UpstreamAway:
                    continue  # closed while it lay idle
        return self._over(self._fresh(), request)

    def give_back(self, connection: HTTPConnection) -> None:
        """Keep a connection whose answer has been read to its end."""
        with self._lock:
            self._kept.append((connection, time.monotonic()))
            if len(self._kept) > KEPT:
                self._kept.popleft()[0].close()

    def _take(self) -> HTTPConnection | None:
        with self._lock:
            while self._kept:
                connection, since = self._kept.pop()
                if time.monotonic() - since < KEPT_SECONDS:
                    return connection
                connection.close()
        return None

    def _fresh(self) -> HTTPConnection:
        connection = HTTPConnection(self._host, self._port, timeout=CONNECT_SECONDS)
        try:
            connection.connect()
        except OSError as error:
            raise UpstreamAway(str(error)) from error
        connection.sock.settimeout(ANSWER_SECONDS)
        return connection

    def _over(self, connection: HTTPConnection, request: Outgoing) -> "Answer":
        try:
            return Answer(self, connection, _sent(connection, request))
        except TimeoutError as error:
            connection.close()
            raise UpstreamSlow from error
        except (OSError, HTTPException) as error:
            connection.close()
            raise UpstreamAway(str(error) or type(error).__name__) from error
        except BaseException:
            connection.close()
            raise


def _sent(connection: HTTPConnection, request: Outgoing) -> HTTPResponse:
    connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
    for name, value in request.headers:
        connection.putheader(name, value.encode("latin-1"))
    if request.chunked:
        connection.putheader("Transfer-Encoding", "chunked")
    try:
        connection.endheaders(request.body, encode_chunked=request.chunked)
    except (BrokenPipeError, ConnectionResetError):
        pass  # an upstream that refuses a body closes early, with its answer already on the way
    return connection.getresponse()


class Answer:
    """An upstream's answer: status and headers, and the body as an iterable that must be closed."""

    def __init__(self, upstream: Upstream, connection: HTTPConnection, response: HTTPResponse) -> None:
        self.status = response.status
        self.reason = response.reason
        self.headers = response.getheaders()
        self._upstream = upstream
        self._connection = connection
        self._response = response
        self._first = self._read()  # an upstream that goes away before its first byte is told as away: nothing was answered yet

    def __iter__(self) -> Iterator[bytes]:
        chunk = self._first
        while chunk:
            yield chunk
            chunk = self._read()
        self._response.read()  # read1 does not notice that it has reached the end; this marks the connection as free

    def _read(self) -> bytes:
        # An answer that breaks off raises IncompleteRead, so that the client's connection breaks too: half a body never looks whole.
        chunk = self._response.read1(CHUNK)
        if not chunk and self._response.length:
            raise IncompleteRead(b"", self._response.length)
        return chunk

    def close(self) -> None:
        """Keep the connection if the answer was read to its end, else drop it."""
        if self._response.isclosed() and not self._response.will_close:
            self._upstream.give_back(self._connection)
        else:
            self._response.close()
            self._connection.close()
