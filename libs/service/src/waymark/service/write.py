"""Every change over HTTP: If-Match, Idempotency-Key, the decision, the append, ETag and position. The one place for them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from flask import g, request

from waymark.events.decide import Aggregate, Decided, Decision, decide
from waymark.events.envelope import PARTITIONS, Event, Meta, partition
from waymark.events.store import Appended, Conflict, NewCommit, Store, Unavailable
from waymark.service.context import ports, scope, store
from waymark.service.problems import Fault, Problem

S = TypeVar("S")
F = TypeVar("F", bound=Callable[..., Any])
_KEY = re.compile(r'("?)([A-Za-z0-9._:/+=~-]{1,128})\1')
_VERSION = re.compile(r'"(\d{1,15})"')
_NAMESPACE = uuid.UUID("9f0b6c1e-3f0e-5a57-9d8e-6f2a1b7c4d10")  # for ever: a repeated request must give the same id


def if_match(view: F) -> F:
    """A route that changes what the caller has seen: `If-Match` with the ETag is required (428 without, 412 stale)."""
    view.__dict__["_if_match"] = True
    return view


def write(stream: str, aggregate: Aggregate[S], decision: Decision[S]) -> Decided[S]:
    """Decide on the stream and append, once for each Idempotency-Key; the answer gets the ETag and the position.

    Raises what the decision raises; Conflict (412 where If-Match came), OtherRequest (422), Unavailable (503), PersonForgotten (410).
    """
    try:
        decided = decide(store(), stream, aggregate, decision, _commit_id(), _meta(), expected_version())
    except Conflict as conflict:
        if conflict.actual == 0:
            decision(None)  # what is not there is not stale: the decision says that there is no such thing
        raise
    g.etag = f'"{decided.version}"'
    _place(() if decided.appended is None else (decided.appended,))
    return decided


def write_many(aggregate: Aggregate[S], decisions: Mapping[str, Decision[S]]) -> dict[str, Decided[S]]:
    """Decide on many streams, then append all: a decision that raises leaves nothing written. By stream.

    One that another writer was faster at is decided anew. Repeating the request with its Idempotency-Key completes what a
    failure left half-way.
    """
    commit_id, meta, own = _commit_id(), _meta(), store()
    gathering = _Gathering(own)
    decided = {stream: decide(gathering, stream, aggregate, decision, commit_id, meta) for stream, decision in decisions.items()}
    streams = [each.stream for each in gathering.commits]
    try:
        for stream, appended in zip(streams, own.append_many(gathering.commits) if streams else (), strict=True):
            decided[stream] = Decided(state=decided[stream].state, version=appended.version, appended=appended)
    except Conflict:
        for stream in streams:  # those already placed answer from their own commit
            decided[stream] = decide(own, stream, aggregate, decisions[stream], commit_id, meta)
    _place([each.appended for each in decided.values() if each.appended is not None])
    return decided


def new_id(ordinal: int = 0) -> str:
    """The id of something this request creates: the same when the request is repeated. Raises Problem (400) without a key."""
    key = idempotency_key()
    if key is None:
        raise Problem(
            400,
            "idempotency-key-missing",
            "An Idempotency-Key is needed",
            "Send an Idempotency-Key header (such as a random UUID), and the same one when you repeat the request.",
            errors=[Fault("header:Idempotency-Key", "required", "missing")],
        )
    return uuid.uuid5(_NAMESPACE, "\0".join((*_caller(), key, str(ordinal)))).hex


def idempotency_key() -> str | None:
    """The request's Idempotency-Key. Raises Problem (400) for one that is not a key."""
    header = request.headers.get("Idempotency-Key")
    if header is None:
        return None
    match = _KEY.fullmatch(header.strip())
    if match is None:
        allowed = "1 to 128 of A-Z a-z 0-9 . _ : / + = ~ -"
        fault = Fault("header:Idempotency-Key", "malformed", "not a key", allowed)
        raise Problem(400, "header-malformed", "A header is malformed", f"Idempotency-Key takes {allowed}.", errors=[fault])
    return match[2]


def expected_version() -> int | None:
    """The version that If-Match names. Raises Problem (400) when it names none."""
    header = request.headers.get("If-Match")
    if header is None:
        return None
    match = _VERSION.fullmatch(header.strip())
    if match is None:
        fault = Fault("header:If-Match", "malformed", "not an ETag of this API", 'one ETag, such as "17"')
        raise Problem(400, "header-malformed", "A header is malformed", 'If-Match takes one ETag, such as "17".', errors=[fault])
    return int(match[1])


def _caller() -> tuple[str, str]:
    return scope().district, scope().person


def _commit_id() -> str:
    key = idempotency_key()
    return str(uuid.uuid4() if key is None else uuid.uuid5(_NAMESPACE, "\0".join((*_caller(), key))))


def _meta() -> Meta:
    parts = (request.method, request.path, request.headers.get("If-Match", ""))
    content = "\0".join(parts).encode() + b"\0" + request.get_data(cache=True)
    fingerprint = ports().keyring.fingerprint(scope().district, content)
    return Meta(actor=scope().person, fingerprint=fingerprint, traceparent=g.get("traceparent", ""))


def _place(appended: Sequence[Appended]) -> None:
    """Remember where the answer's writes stand: the highest sequence a partition, over all writes of the request."""
    reached: dict[int, int] = g.setdefault("positions", {})
    for each in appended:
        reached[each.partition] = max(each.sequence, reached.get(each.partition, 0))


class _Gathering:
    """A store that only remembers what is appended, so that many decisions cost one append."""

    def __init__(self, behind: Store) -> None:
        self._behind = behind
        self.commits: list[NewCommit] = []
        self.service, self.read, self.scan, self.head, self.wait = behind.service, behind.read, behind.scan, behind.head, behind.wait

    def append(self, stream: str, key: str, events: Sequence[Event], expected: int, commit_id: str, meta: Meta) -> Appended:
        self.commits.append(NewCommit(stream=stream, key=key, events=events, expected=expected, commit_id=commit_id, meta=meta))
        return Appended(position=0, version=expected + len(events), partition=partition(key, PARTITIONS), sequence=0)

    def append_many(self, commits: Sequence[NewCommit]) -> Sequence[Appended]:
        raise Unavailable("nothing is appended while decisions are gathered")
