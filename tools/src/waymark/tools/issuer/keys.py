"""Signing keys: one file with a private key set, newest first, that survives restarts and can be rotated."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

ALGORITHM = "ES256"
KEPT = 3
"""Keys that stay published after a rotation, the newest included: tokens signed by the others have long expired."""


class KeyFileDamaged(Exception):
    """The key file cannot be read as a set of private ES256 keys."""


@dataclass(frozen=True)
class SigningKeys:
    """Private keys, newest first. The newest signs, all are published."""

    keys: tuple[ECKey, ...]

    @classmethod
    def generate(cls) -> "SigningKeys":
        """Keys in memory, for a test that needs no file."""
        return cls((_new_key(),))

    @property
    def newest(self) -> ECKey:
        return self.keys[0]

    @property
    def key_set(self) -> KeySet:
        return KeySet(list(self.keys))

    def published(self) -> dict[str, list[dict[str, Any]]]:
        """The JSON Web Key Set (RFC 7517), public halves only."""
        return {"keys": [dict(key.as_dict(private=False)) for key in self.keys]}

    def rotated(self) -> "SigningKeys":
        """The same keys behind a new one, the oldest dropped beyond KEPT."""
        return SigningKeys((_new_key(), *self.keys)[:KEPT])


class KeyFile:
    """The key file of a folder, made on first use (mode 0600), read again when another process rotated it.

    `keys()` raises KeyFileDamaged if the file has never been readable; one that breaks later leaves the keys read last in use.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "issuer-keys.json"
        self._lock = Lock()
        self._read: tuple[int, SigningKeys] | None = None

    def keys(self) -> SigningKeys:
        """The keys as the file has them now."""
        with self._lock:
            return self._current()

    def rotate(self) -> SigningKeys:
        """Put a new key in front. Running issuers sign with it from their next token on."""
        with self._lock:
            keys = self._current().rotated()
            self._written(keys).replace(self.path)
            self._read = None
            return keys

    def _current(self) -> SigningKeys:
        if not self.path.exists():
            self._create()
        stamp = self.path.stat().st_mtime_ns
        if self._read is None or self._read[0] != stamp:
            try:
                self._read = (stamp, _parsed(self.path.read_bytes()))
            except (ValueError, KeyError, TypeError, JoseError) as error:
                if self._read is None:
                    raise KeyFileDamaged(
                        f"{self.path} holds no usable ES256 keys ({error}). Delete it to have new ones made; everyone then signs in once more."
                    ) from error
        return self._read[1]

    def _create(self) -> None:
        # A link fails where a file already stands: of two processes that start at once, both end up with the first one's keys.
        written = self._written(SigningKeys.generate())
        try:
            self.path.hardlink_to(written)
        except FileExistsError:
            pass  # the other process was first
        finally:
            written.unlink()

    def _written(self, keys: SigningKeys) -> Path:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        path = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"keys": [dict(key.as_dict(private=True)) for key in keys.keys]}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        return path


def _new_key() -> ECKey:
    return ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)


def _parsed(text: bytes) -> SigningKeys:
    keys = tuple(ECKey.import_key(key) for key in json.loads(text)["keys"])
    if not keys or not all(key.is_private and key.curve_name == "P-256" and key.kid for key in keys):
        raise ValueError("each key needs a kid, the curve P-256 and its private part")
    return SigningKeys(keys)
