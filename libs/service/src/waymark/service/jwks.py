"""The issuer's public keys: read over HTTP or from the same process, kept, and read again when they rotate."""

from __future__ import annotations

import json
import logging
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, RSAKey

from waymark.events.store import Unavailable

log = logging.getLogger(__name__)
KEYS_SECONDS: Final = 600.0  # between reads of the issuer's keys
UNKNOWN_SECONDS: Final = 30.0  # between reads made because a token names an unknown key, or because a read failed
FIRST_SECONDS: Final = 2.0  # between reads while there are no keys at all
TIMEOUT: Final = 5.0  # seconds for the issuer to answer
LARGEST: Final = 262_144  # bytes of a key set

PublishedKeys = Callable[[], Mapping[str, Any]]
"""Reads the issuer's JSON Web Key Set. Raises Unavailable."""


def keys_at(url: str) -> PublishedKeys:
    """Reads the key set at an http or https address, within 5 s. Raises ValueError for another kind of address."""
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"{url!r} is neither https nor http")

    def read() -> Mapping[str, Any]:
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310  the scheme is checked above
                content = answer.read(LARGEST + 1)
        except (urllib.error.URLError, TimeoutError, OSError) as problem:
            raise Unavailable(f"{url}: {problem}") from problem
        if len(content) > LARGEST:
            raise Unavailable(f"{url}: more than {LARGEST} bytes are no key set")
        try:
            return json.loads(content)
        except ValueError as problem:
            raise Unavailable(f"{url}: not JSON") from problem

    return read


class KeyCache:
    """The issuer's keys as they were last read: kept for ten minutes, and for longer while the issuer is away.

    A token that names an unknown key makes them be read again, at most every 30 s, so that made-up key ids cost the issuer
    nothing. One thread reads; while it does, the others go on with the keys there are.
    """

    def __init__(self, published: PublishedKeys, clock: Callable[[], float] = time.monotonic) -> None:
        self._published, self._clock = published, clock
        self._lock = threading.Lock()
        self._keys: Sequence[Key] = ()
        self._read_at = self._tried_at = float("-inf")
        self._failure = "not read yet"

    def key(self, kid: object) -> Key:
        """The key of this id; without an id, the only one there is. Raises ValueError, Unavailable."""
        if not self._keys:
            self._refresh(FIRST_SECONDS)
            if not self._keys:
                raise Unavailable(f"the issuer's keys: {self._failure}")
        elif self._clock() - self._read_at > KEYS_SECONDS:
            self._refresh(UNKNOWN_SECONDS, wait=False)
        found = self._find(kid)
        if found is None:
            self._refresh(UNKNOWN_SECONDS)
            found = self._find(kid)
        if found is None:
            raise ValueError("the issuer publishes no such key")
        return found

    def _find(self, kid: object) -> Key | None:
        if kid is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((each for each in self._keys if each.kid == kid), None)

    def _refresh(self, apart: float, wait: bool = True) -> None:
        """Read the keys, unless that was tried less than `apart` seconds ago."""
        if self._clock() - self._tried_at <= apart or not self._lock.acquire(blocking=wait):
            return
        try:
            if self._clock() - self._tried_at <= apart:
                return  # the thread we waited for has just done it
            try:
                published = self._published()
            finally:
                self._tried_at = self._clock()
            keys = _usable(published)
            if keys:
                self._keys, self._read_at = keys, self._clock()
            else:
                self._failure = "there is none that could be used"
        except Unavailable as problem:
            self._failure = str(problem)
        finally:
            self._lock.release()


def _usable(published: Any) -> list[Key]:
    """The public EC and RSA keys of a key set; one that is of another kind or damaged is passed over."""
    members: Any = published.get("keys") if isinstance(published, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  JSON
    keys: list[Key] = []
    for each in members if isinstance(members, list) else ():  # pyright: ignore[reportUnknownVariableType]  the same
        try:
            if each["kty"] == "EC":
                keys.append(ECKey.import_key(each))  # pyright: ignore[reportUnknownArgumentType]  the import checks it
            elif each["kty"] == "RSA":
                keys.append(RSAKey.import_key(each))  # pyright: ignore[reportUnknownArgumentType]  the same
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as problem:
            log.warning("key passed over", extra={"problem": type(problem).__name__})
    return keys
