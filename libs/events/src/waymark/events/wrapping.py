"""Keys at rest are wrapped: a person's key by the key of the month it was made in, that by the master key.

Once what lives was wrapped anew, a month's key can be destroyed, and with it whatever remains of deleted keys in logs, dead
rows and backups.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE = 12


def wrap(key: bytes, content: bytes, name: str) -> bytes:
    """`content` encrypted under `key`, bound to `name`."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher(key).encrypt(nonce, content, name.encode())


def unwrap(key: bytes, wrapped: bytes, name: str) -> bytes:
    """Raises cryptography.exceptions.InvalidTag when the key or the name is another."""
    return _cipher(key).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], name.encode())


@lru_cache(maxsize=64)  # the master key and the months': making a cipher costs more than using it
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def month() -> str:
    """The wrapping month, such as 2026-11 (UTC)."""
    return datetime.now(UTC).strftime("%Y-%m")


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
