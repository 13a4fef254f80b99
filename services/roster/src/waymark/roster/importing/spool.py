"""Packages that wait to be imported: files that only a process with the keyring can read, gone as soon as they are in.

AES-CTR under a key made from the district's: a zip is read from its end, so the file must be readable at any place. That the
content is the one that was sent is known from its digest, which is its import's id.
"""

from __future__ import annotations

import hashlib
import io
import secrets
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import IO, cast

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from msgspec import Struct

from waymark.events.keys import Keyring
from waymark.roster.importing.package_id import import_id

_BLOCK = 16
_DAY = 86_400.0  # seconds
UNFINISHED_DAYS, WAITING_DAYS = 1, 7


class Spooled(Struct, frozen=True):
    """A package that was received: its import's id, its digest (SHA-256, hex) and size in bytes."""

    id: str
    digest: str
    size: int


class Spool:
    """The packages of one folder, one folder a district within it."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self._folder, self._keyring = folder, keyring

    def receive(self, blocks: Iterable[bytes], district: str, *, dry_run: bool) -> Spooled:
        """Keep a package. The same package again replaces itself."""
        folder = self._folder / district
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"{uuid.uuid4().hex}.incoming"
        digest, size, start = hashlib.sha256(), 0, secrets.token_bytes(_BLOCK)
        encryptor = _cipher(self._key(district), start).encryptor()
        try:
            with unfinished.open("wb") as file:
                file.write(start)
                for block in blocks:
                    digest.update(block)
                    size += len(block)
                    file.write(encryptor.update(block))
            ident = import_id(district, digest.hexdigest(), dry_run=dry_run)
            unfinished.replace(self._path(district, ident))
        finally:
            unfinished.unlink(missing_ok=True)
        return Spooled(ident, digest.hexdigest(), size)

    def holds(self, district: str, ident: str) -> bool:
        return self._path(district, ident).exists()

    def open(self, district: str, ident: str) -> IO[bytes]:
        """The package, seekable. Raises FileNotFoundError."""
        raw = _Opened(self._path(district, ident), self._key(district))
        return cast(IO[bytes], io.BufferedReader(raw, 1 << 16))

    def remove(self, district: str, ident: str) -> None:
        self._path(district, ident).unlink(missing_ok=True)

    def discard(self, district: str) -> None:
        """Let go of every package of the district that waits: whoever was forgotten may stand in it. It can be sent again."""
        for path in (self._folder / district).glob("*.package"):
            path.unlink(missing_ok=True)

    def waiting(self) -> list[tuple[str, str]]:
        """District and id of every package that lies here. What nobody asked for in days is removed."""
        now, found = time.time(), list[tuple[str, str]]()
        for path in sorted(self._folder.glob("*/*")):
            days = {".incoming": UNFINISHED_DAYS, ".package": WAITING_DAYS}.get(path.suffix)
            if days is None:
                continue
            if now - path.stat().st_mtime > days * _DAY:
                path.unlink(missing_ok=True)
            elif path.suffix == ".package":
                found.append((path.parent.name, path.stem))
        return found

    def _path(self, district: str, ident: str) -> Path:
        return self._folder / district / f"{ident}.package"

    def _key(self, district: str) -> bytes:
        return bytes.fromhex(self._keyring.fingerprint(district, b"spool"))


class _Opened(io.RawIOBase):
    """The decrypted content of a spooled file, at any place."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._file, self._key, self._at = path.open("rb"), key, 0
        self._start = int.from_bytes(self._file.read(_BLOCK))
        self._size = path.stat().st_size - _BLOCK

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if origin + offset < 0:
            raise OSError("before the beginning")
        self._at = origin + offset
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:
        skipped = self._at % _BLOCK
        counter = (self._start + self._at // _BLOCK) % (1 << 128)
        self._file.seek(_BLOCK + self._at - skipped)
        content = _cipher(self._key, counter.to_bytes(_BLOCK)).decryptor().update(self._file.read(len(buffer) + skipped))[skipped:]
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)

    def close(self) -> None:
        self._file.close()
        super().close()


def _cipher(key: bytes, start: bytes) -> Cipher[CTR]:
    return Cipher(AES(key), CTR(start))
