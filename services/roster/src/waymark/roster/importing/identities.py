"""Who people are: told apart by digests under their own keys, and sealed where it must be said anew."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from typing import Protocol

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from waymark.events.catalogue.roster import PersonRecorded
from waymark.events.catalogue.types import Sealed
from waymark.events.keys import Keyring
from waymark.roster.importing.said import Identity, User

_NONCE = 12
_FIELDS = (
    ("given", "given"),
    ("family", "family"),
    ("preferred", "preferred"),
    ("email", "email"),
    ("number", "number"),
    ("source_id", "source"),
)
"""A field of the event, and of the identity."""
_ALWAYS = ("given", "family", "source_id")
_decode = msgspec.msgpack.Decoder(Identity).decode


class RunSeal:
    """Keeps identities unreadable in the staging file: under a key that lives only in this object."""

    def __init__(self) -> None:
        self._cipher = AESGCM(AESGCM.generate_key(128))

    def seal(self, identity: Identity) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, msgspec.msgpack.encode(identity), None)

    def open(self, box: bytes) -> Identity:
        return _decode(self._cipher.decrypt(box[:_NONCE], box[_NONCE:], None))


class Told(Struct, frozen=True):
    """Who a person is, as the package says it."""

    identity: Identity
    login: str
    enabled: bool

    @property
    def content(self) -> bytes:
        """What the digest is of."""
        return msgspec.json.encode((self.identity, self.login, self.enabled))


def told(user: User, seal: RunSeal) -> Told:
    return Told(seal.open(user.who), user.login, user.enabled)


class Recorder(Protocol):
    """Makes the events for those who are new, came back, or differ."""

    def __call__(self, people: Mapping[str, Told], digests: Mapping[str, str]) -> dict[str, PersonRecorded]:
        """`people` by id, and the digest last said of each ("" for who must be said in any case). Raises PersonForgotten."""
        ...


def counting(keyring: Keyring) -> Recorder:
    """Tells who would be recorded and seals nothing: its events are only counted. No key is made for anybody."""

    def record(people: Mapping[str, Told], digests: Mapping[str, str]) -> dict[str, PersonRecorded]:
        known = keyring.digests({each: told.content for each, told in people.items() if digests[each]})
        return {each: _unsealed(each) for each in people if not digests[each] or known[each] != digests[each]}

    return record


def sealing(keyring: Keyring) -> Recorder:
    """Seals the names of whom must be recorded, under keys made where there is none."""

    def record(people: Mapping[str, Told], digests: Mapping[str, str]) -> dict[str, PersonRecorded]:
        fresh = keyring.digests({each: told.content for each, told in people.items()})
        changed = [each for each in people if fresh[each] != digests[each]]
        texts = [
            (each, field, text)
            for each in changed
            for field, name in _FIELDS
            if (text := getattr(people[each].identity, name)) or field in _ALWAYS
        ]
        boxes: dict[str, dict[str, Sealed]] = {each: {} for each in changed}
        for (each, field, _), sealed in zip(texts, keyring.seal_many(texts), strict=True):
            boxes[each][field] = sealed
        return {
            each: PersonRecorded(person=each, login=people[each].login, enabled=people[each].enabled, digest=fresh[each], **boxes[each])
            for each in changed
        }

    return record


def forgotten(keyring: Keyring, people: Collection[str]) -> frozenset[str]:
    """Those who have a tombstone: nothing about them may be written again."""
    return frozenset(keyring.keys.forgotten(people))


def _unsealed(person: str) -> PersonRecorded:
    empty = Sealed(person, b"")
    return PersonRecorded(person=person, given=empty, family=empty, source_id=empty, login="", digest="")
