"""Keys at rest are wrapped: a person's key by the key of the month it was made or last rotated in, that by the master key.

Once what lives was wrapped anew, a month's key is destroyed, and with it whatever remains of deleted keys in logs, dead rows and
backups of the people's keys (docs/decisions/0007).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from waymark.events.store import Unavailable

KEY_BYTES = 32
MONTH_SECONDS: Final = 60.0
A_DAY: Final = timedelta(days=1)
_NONCE = 12


def wrap(key: bytes, content: bytes, name: str) -> bytes:
    """`content` encrypted under `key`, bound to `name`."""
    return Wrapping(key).wrap(content, name)


def unwrap(key: bytes, wrapped: bytes, name: str) -> bytes:
    """Raises cryptography.exceptions.InvalidTag when the key or the name is another."""
    return Wrapping(key).unwrap(wrapped, name)


class Wrapping:
    """A key that wraps others. Its cipher is made once: making one costs more than using it."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def wrap(self, content: bytes, name: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, content, name.encode())

    def unwrap(self, wrapped: bytes, name: str) -> bytes:
        """Raises cryptography.exceptions.InvalidTag."""
        return self._cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], name.encode())


class MonthClosed(Exception):
    """Nothing may be wrapped under this month's key any more: it is about to be destroyed, or was."""


class MonthKeys:
    """The months' keys that one process has opened, each for at most a minute: a destroyed one must not live on here.

    `find` reads a month's wrapped key (empty: destroyed, or none).
    """

    def __init__(self, find: Callable[[str], bytes], master: Callable[[], bytes]) -> None:
        self._find, self._master = find, master
        self._opened: dict[str, tuple[float, Wrapping]] = {}

    def of(self, name: str) -> Wrapping:
        """Raises MonthClosed when the key was destroyed, MasterWrong."""
        held, now = self._opened.get(name), time.monotonic()
        if held is None or now - held[0] > MONTH_SECONDS:
            fresh = {each: held for each, held in self._opened.items() if now - held[0] <= MONTH_SECONDS}
            wrapped = self._find(name)
            if not wrapped:
                raise MonthClosed(name)
            held = (now, Wrapping(by_master(self._master(), wrapped, name)))
            self._opened = fresh | {name: held}
        return held[1]

    def drop(self) -> None:
        """Forget what was opened."""
        self._opened = {}


class MasterWrong(Unavailable):
    """The keyring is wrapped under another master key than this process was given."""


def by_master(master: bytes, wrapped: bytes, name: str) -> bytes:
    """What the master key wrapped. Raises MasterWrong."""
    try:
        return unwrap(master, wrapped, name)
    except InvalidTag:
        raise MasterWrong(f"keyring: the master key does not open the key of {name}; it was replaced") from None


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def month(at: datetime) -> str:
    """The wrapping month of a moment, such as 2026-11 (UTC)."""
    return at.astimezone(UTC).strftime("%Y-%m")


def over(name: str, at: datetime) -> bool:
    """Whether the month ended more than a day before: a slow writer, or one whose clock is a little behind, has finished."""
    year, number = (int(each) for each in name.split("-"))
    ended = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    return at - ended > A_DAY


def utc_now() -> datetime:
    return datetime.now(UTC)


def master_key(path: Path, create: bool) -> bytes:
    """The master key from its file (32 bytes, hex). `create`: make it at the first start, readable by its owner only.

    Raises FileNotFoundError, ValueError.
    """
    if create and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(new_key().hex() + "\n")
    key = bytes.fromhex(path.read_text().strip())
    if len(key) != KEY_BYTES:
        raise ValueError(f"the master key is {KEY_BYTES} bytes in hex, {path} holds {len(key)}")
    return key
