"""A wire to a server that can be cut at the worst moment: after the server has done what it was asked, before it could say so."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

HEADER = 16  # bytes of a message on the MongoDB protocol; the first four are its length


class Wire:
    """Stands between clients and one server. `losing(command)`: the reply to the next such command is lost, with the connection."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._losing: bytes | None = None
        self.lost = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def lose(self, command: str) -> None:
        self._losing = command.encode() + b"\0"

    def close(self) -> None:
        for each in (self._listening, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(self._server)
                self._open += (client, server)
                threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        """One question, one answer: that is how this protocol's drivers use a connection."""
        with suppress(OSError):
            while (question := _message(client)) is not None:
                server.sendall(question)
                answer = _message(server)
                # OP_MSG: after the header come flags, the section's kind, the document's length and type; then the command's name.
                if self._losing and question[26:].startswith(self._losing):
                    self._losing = None
                    self.lost += 1
                    break
                if answer is None:
                    break
                client.sendall(answer)
        for each in (client, server):
            each.close()


def _message(connection: socket.socket) -> bytes | None:
    header = _exactly(connection, HEADER)
    return None if header is None else header + (_exactly(connection, int.from_bytes(header[:4], "little") - HEADER) or b"")


def _exactly(connection: socket.socket, count: int) -> bytes | None:
    parts = b""
    while len(parts) < count:
        part = connection.recv(count - len(parts))
        if not part:
            return None
        parts += part
    return parts


@contextmanager
def wired(url: str) -> Iterator[tuple[Wire, str]]:
    """A wire to the server of this URL, and the URL of its near end."""
    there = urlsplit(url)
    assert there.hostname is not None
    wire = Wire((there.hostname, there.port or 27017))
    yield wire, f"mongodb://127.0.0.1:{wire.port}/?directConnection=true&retryWrites=false"
    wire.close()
