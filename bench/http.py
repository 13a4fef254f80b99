"""Requests over kept connections, with as little of Python around them as goes: the client shares the machine with what it asks."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from itertools import count

from bench.crew import Worker
from bench.measure import Lap
from bench.threads import side_by_side


class Wire:
    """One connection. `post` raises AssertionError on any answer but the expected status."""

    def __init__(self, port: int, token: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"

    def post(self, path: str, body: bytes, key: str, status: bytes = b"201") -> None:
        head = f"POST {path} HTTP/1.1\r\n{self._head}Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._socket.sendall(head.encode() + body)
        answer = self._answer()
        assert answer[9:12] == status, answer[:2000]

    def _answer(self) -> bytes:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, rest = got.partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next(int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length"))
        while len(rest) < length:
            rest += self._more()
        return head + rest

    def _more(self) -> bytes:
        more = self._socket.recv(65_536)
        if not more:
            raise ConnectionError("the server closed the connection")
        return more


def commands(_number: int, port: int, token: str, paths: Sequence[str], threads: int, rate: float | None) -> Worker:
    """Posts as fast as answers come, or (`rate`) so many a second whatever comes back: waits count from when each was due."""
    steps = [_step(Wire(port, token), paths[at::threads], f"{time.time_ns()}-{at}") for at in range(threads)]
    return _offered(steps, rate) if rate else lambda seconds: side_by_side(steps, seconds)


def _step(wire: Wire, paths: Sequence[str], key: str) -> Callable[[], int]:
    numbers = count()

    def step() -> int:
        number = next(numbers)
        wire.post(paths[number % len(paths)], b'{"value":%d}' % (1 + number % 2), f"{key}-{number}")
        return 1

    return step


def _offered(steps: Sequence[Callable[[], int]], rate: float) -> Worker:
    def work(seconds: float) -> Lap:
        numbers, lock, waits = count(), threading.Lock(), list[float]()
        began = time.perf_counter()

        def one(step: Callable[[], int]) -> Callable[[], int]:
            def due() -> int:
                with lock:
                    at = began + next(numbers) / rate
                time.sleep(max(0.0, at - time.perf_counter()))
                step()
                waits.append(time.perf_counter() - at)
                return 1

            return due

        lap = side_by_side([one(each) for each in steps], seconds)
        lap.waits = waits
        return lap

    return work
