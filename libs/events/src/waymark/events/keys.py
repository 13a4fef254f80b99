"""Keys: one a person, and what is sealed under them.

Personal text never rests in clear. It is AES-GCM ciphertext under the key of the person it is about, with person and field
as additional data. Forgetting a person deletes the key; what was sealed then reads as `redacted`, and nothing fails.

Adapters of the port: `waymark.events.sqlite.keys`, `waymark.events.mongo.keys`. Shared behaviour: `waymark.events.contract.keys`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from waymark.events.catalogue.types import Sealed

REDACTED: Final = None
"""What sealed text opens to once its person is forgotten. The edge shows it as "redacted" in the reader's language."""
CACHE_SECONDS: Final = 60.0
"""Once another process has forgotten a person, no process uses their key or shows what it opened with it for longer than this."""
KEY_SECONDS: Final = 10.0
"""For so long a key is used without asking the keyring again."""
OPENED_SECONDS: Final = CACHE_SECONDS - KEY_SECONDS
"""For so long a reader may keep texts that it opened: the key was up to KEY_SECONDS old then."""
_NONCE = 12


class Keys(Protocol):
    """The keyring: its own database and credentials, shared by all services."""

    def get(self, people: Collection[str]) -> Mapping[str, bytes]:
        """The keys of those who have one. Forgotten and unknown people are absent."""
        ...

    def create(self, people: Collection[str]) -> Mapping[str, bytes]:
        """The keys of all of these, made where there was none. Raises PersonForgotten naming all who were forgotten."""
        ...

    def forget(self, person: str) -> None:
        """Delete the key for good and leave a tombstone. Harmless when done twice."""
        ...

    def forgotten(self, people: Collection[str]) -> Collection[str]:
        """Those of these people who have a tombstone."""
        ...

    def district_key(self, district: str) -> bytes:
        """The district's id key (32 bytes), made at the first use. It is never forgotten."""
        ...

    def rotate(self, progress: Progress) -> Rotated:
        """Wrap everybody's key under the current month's, then destroy the months' keys that nobody's is wrapped under.

        A month's key is destroyed only when the month ended more than a day ago. Keys stay what they are: readers and writers go
        on meanwhile. Killed anywhere, no key is lost, and running it again goes on. Raises Unavailable.
        """
        ...

    def rewrap(self, master: bytes) -> int:
        """Wrap the months' and districts' keys under another master key, and use that from now on; how many were wrapped.

        Killed anywhere, run it again with the same two keys. Whoever still runs with the old one is answered MasterWrong.
        """
        ...


class Rotated(Struct, frozen=True, kw_only=True):
    """`rewrapped` counts people whose keys are wrapped under `month` now and were not. `destroyed` are the months whose keys are
    gone, `kept` the earlier ones whose keys still stand: they ended less than a day ago, or a key was made under them meanwhile."""

    month: str
    rewrapped: int
    destroyed: tuple[str, ...]
    kept: tuple[str, ...]


Progress = Callable[[int, int], None]
"""Told after each batch how many of how many people are done."""


class PersonForgotten(Exception):
    """Personal text about a forgotten person was about to be written."""

    def __init__(self, people: Collection[str]) -> None:
        super().__init__(f"{len(people)} people were forgotten")
        self.people = frozenset(people)


class Keyring:
    """Seals and opens text, and makes the ids that keep identities out of events. Keys are cached for at most 10 s."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self._cache: dict[str, tuple[float, bytes | None]] = {}
        self._swept = time.monotonic()
        self._district: dict[str, bytes] = {}

    def seal(self, about: str, field: str, text: str) -> Sealed:
        """Encrypt text about a person, whose key is made if there is none. Raises PersonForgotten."""
        return self.seal_many([(about, field, text)])[0]

    def seal_many(self, texts: Sequence[tuple[str, str, str]]) -> list[Sealed]:
        """As seal, for (about, field, text) triples with one trip to the keyring."""
        keys = self._having({about for about, _, _ in texts}, create=True)
        sealed: list[Sealed] = []
        for about, field, text in texts:
            nonce = secrets.token_bytes(_NONCE)
            key = keys[about]
            assert key is not None
            sealed.append(Sealed(about, nonce + AESGCM(key).encrypt(nonce, text.encode(), f"{about}/{field}".encode())))
        return sealed

    def open(self, sealed: Sealed | None, field: str) -> str | None:
        """The text, or None (redacted) when its person was forgotten or nothing was sealed."""
        return None if sealed is None else self.open_many([(sealed, field)])[0]

    def open_many(self, sealed: Sequence[tuple[Sealed, str]]) -> list[str | None]:
        """As open, for (sealed, field) pairs with one trip to the keyring."""
        keys = self._having({each.about for each, _ in sealed}, create=False)
        ciphers = {person: AESGCM(key) for person, key in keys.items() if key is not None}
        return [_open(ciphers.get(each.about), each, field) for each, field in sealed]

    def person_id(self, district: str, source_id: str) -> str:
        """The id of a person everywhere outside the roster: 32 hex digits, HMAC-SHA256 of district and sourcedId (128 bits)."""
        return self.fingerprint(district, f"person\0{source_id}".encode())[:32]

    def login(self, district: str, subject: str) -> str:
        """What a person's sign-in is looked up by: an HMAC of the token's `sub` under the district's id key."""
        return self.fingerprint(district, f"login\0{subject}".encode())

    def fingerprint(self, district: str, content: bytes) -> str:
        """HMAC-SHA256 under the district's id key, 64 hex digits."""
        if district not in self._district:
            self._district[district] = self.keys.district_key(district)
        return hmac.new(self._district[district], district.encode() + b"\0" + content, hashlib.sha256).hexdigest()

    def digests(self, contents: Mapping[str, bytes]) -> dict[str, str]:
        """Per person, HMAC-SHA256 of content about them under their own key (made if there is none). Raises PersonForgotten."""
        keys = self._having(contents.keys(), create=True)
        return {person: hmac.new(keys[person] or b"", content, hashlib.sha256).hexdigest() for person, content in contents.items()}

    def forget(self, person: str) -> None:
        self.keys.forget(person)
        self.drop(person)

    def drop(self, person: str) -> None:
        """Forget the cached key: another process has forgotten the person."""
        self._cache.pop(person, None)

    def _having(self, people: Collection[str], create: bool) -> Mapping[str, bytes | None]:
        now = time.monotonic()
        if now - self._swept > KEY_SECONDS:
            self._swept, self._cache = now, {each: held for each, held in self._cache.copy().items() if now - held[0] < KEY_SECONDS}
        known = {each: held[1] for each in people if (held := self._cache.get(each)) and now - held[0] < KEY_SECONDS}
        missing = [each for each in people if each not in known or (create and known[each] is None)]
        if missing:
            found = self.keys.create(missing) if create else self.keys.get(missing)
            for each in missing:
                known[each] = found.get(each)
                self._cache[each] = (now, known[each])
        return known


def _open(cipher: AESGCM | None, sealed: Sealed, field: str) -> str | None:
    if cipher is None:
        return None
    try:
        opened = cipher.decrypt(sealed.box[:_NONCE], sealed.box[_NONCE:], f"{sealed.about}/{field}".encode())
    except (InvalidTag, ValueError):
        return None  # a key made anew after a forget cannot open what the old one sealed: redacted, never an error
    return opened.decode()
