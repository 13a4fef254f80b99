"""Every list and view over HTTP: `?after=`, `behind`, weak ETags with 304, and cursors."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Any, Final, TypeVar

import marshmallow as ma
import msgspec
from flask import g, request
from marshmallow import validate

from waymark.events.envelope import PARTITIONS, position_of
from waymark.events.project import Projection
from waymark.events.views import MAX_FOUND, Views, pinned
from waymark.service.context import directory_stamp, installed, ports, scope, today
from waymark.service.problems import Fault, Problem

T = TypeVar("T")
PATIENCE: Final = 1.0  # seconds that a read waits for its own write
LOOK: Final = 0.02  # seconds between looks
PAGE: Final = 50
_POSITION = re.compile(r"([a-z][a-z0-9-]{0,40}):(\d{1,2}):(\d{1,18})")
_RELEASE: Final = version("waymark-service")


class AfterQuery(ma.Schema):
    """The query of a read that may wait for one's own write."""

    after = ma.fields.String(
        metadata={
            "description": "The Waymark-Position of an earlier write: wait for it, at most a second. If that was too short, `behind` is true. "
            "If the write waits for somebody to mend its view, the header Waymark-Parked names the view."
        }
    )


class PageQuery(AfterQuery):
    """The query of a list."""

    cursor = ma.fields.String(metadata={"description": "`next` of the page before."})
    limit = ma.fields.Integer(load_default=PAGE, validate=validate.Range(1, MAX_FOUND), metadata={"description": "Entries a page."})


class NotModified(Exception):
    """The caller has this answer already (304)."""


def await_after(views: Views, *projections: Projection[Any]) -> bool:
    """Wait until these projections hold the write that `?after=` names; returns whether they are still behind it.

    Sets the answer's weak ETag, over the scope and how far these projections and the directory have come, and tells which of them
    have passed the write without folding it, because its stream is parked. Raises NotModified when the caller has that answer,
    Problem (400) for a malformed position.
    """
    wanted = _positions()
    behind = _wait(views, projections, wanted)
    g.parked = [each.name for each in projections if _is_parked(views, each, wanted.get(each.source, {}))]
    if not behind:
        g.etag = view_etag(views, *projections)
        # `*` would be true of whatever answer follows, also of one that there is none to.
        if not request.if_none_match.star_tag and request.if_none_match.contains_weak(g.etag.removeprefix("W/").strip('"')):
            raise NotModified
    return behind


def answer_version(version: int) -> None:
    """The answer is one thing at this version of its stream: its strong ETag, to be sent back as If-Match."""
    g.etag = f'"{version}"'


def view_etag(views: Views, *projections: Projection[Any]) -> str:
    """A weak ETag: equal while scope, day and documents are."""
    reached = [(each.view.key, sorted(_reached(views, each).items())) for each in projections]
    # The directory's stamp was taken before anything was read: at worst the answer is newer than its ETag, never older.
    content = repr((_RELEASE, scope().digest(), today().isoformat(), directory_stamp(), reached))
    return f'W/"{hashlib.blake2b(content.encode(), digest_size=12).hexdigest()}"'


def after_of(query: Mapping[str, Any]) -> str | None:
    """Where the page starts: what a call of `page` was given as `after` the time before. Raises Problem (400)."""
    cursor: str | None = query.get("cursor")
    return None if cursor is None else _opened(cursor)


def page(items: Sequence[Any], after: str | None, behind: bool) -> dict[str, Any]:
    """A page of a list: `after` (as of `Views.find`) says where the next one starts, null at the end."""
    return {"items": items, "next": None if after is None else _sealed(after), "behind": behind}


def page_of(items: Sequence[T], ident: Callable[[T], str], query: Mapping[str, Any], behind: bool) -> tuple[list[T], dict[str, Any]]:
    """The page that `query` asks for, of a whole list in its final order: its items, and an empty `page` to put them into.

    The cursor names the last item shown by `ident`, so that rows which come or go before it neither repeat nor skip others.
    """
    after, limit = after_of(query), int(query.get("limit", PAGE))
    start = 0
    if after is not None:
        last, index = _mark(after)
        start = next((at + 1 for at, each in enumerate(items) if ident(each) == last), min(index, len(items)))
    shown = list(items[start : start + limit])
    more = start + limit < len(items)
    mark = msgspec.json.encode([ident(shown[-1]), start + limit]).decode() if more else None
    return shown, page([], mark, behind)


def _mark(after: str) -> tuple[str, int]:
    try:
        return msgspec.json.decode(after.encode(), type=tuple[str, int])
    except msgspec.MsgspecError as problem:
        raise _cursor_problem() from problem


def _positions() -> dict[str, dict[int, int]]:
    raw = request.args.get("after")
    wanted: dict[str, dict[int, int]] = {}
    for each in [] if raw is None else raw.split(","):
        match = _POSITION.fullmatch(each)
        if match is None or int(match[2]) >= PARTITIONS:
            fault = Fault("query:after", "malformed", "not a position", "the Waymark-Position of an earlier answer")
            raise Problem(
                400, "after-malformed", "Not a position", "`after` takes the Waymark-Position of an earlier answer.", errors=[fault]
            )
        wanted.setdefault(match[1], {})[int(match[2])] = int(match[3])
    return wanted


def _wait(views: Views, projections: Sequence[Projection[Any]], wanted: Mapping[str, Mapping[int, int]]) -> bool:
    if _arrived(views, projections, wanted):
        return False
    waiting = installed().waiting
    if not waiting.acquire(blocking=False):
        return True  # a quarter of the threads wait already: the others must go on answering
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            time.sleep(LOOK)
            if _arrived(views, projections, wanted):
                return False
        return True
    finally:
        waiting.release()


def _arrived(views: Views, projections: Sequence[Projection[Any]], wanted: Mapping[str, Mapping[int, int]]) -> bool:
    for each in projections:
        if positions := wanted.get(each.source):
            reached = _reached(views, each)
            if any(reached.get(part, -1) < sequence for part, sequence in positions.items()):
                return False
    return True


def _is_parked(views: Views, projection: Projection[Any], positions: Mapping[int, int]) -> bool:
    """Whether an event of these commits waits in the parking lot. A position names its commit's last event."""
    if not positions:
        return False
    view, _ = pinned(views, projection.view)
    return any(
        position_of(positions.get(each.partition, -1)) == each.position
        for stream in views.parked_streams(view)
        for each in views.parked(view, stream)
    )


def _reached(views: Views, projection: Projection[Any]) -> dict[int, int]:
    return {part: each.sequence for part, each in views.reached(projection.view, projection.source).items()}


# Cursors are bound to the district, the path and the filters: another list's cursor, or one made up, is refused.


def _sealed(after: str) -> str:
    content = after.encode()
    return base64.urlsafe_b64encode(_mac(content) + content).decode().rstrip("=")


def _opened(cursor: str) -> str:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mac, content = raw[:12], raw[12:]
        if hmac.compare_digest(mac, _mac(content)):
            return content.decode()
    except (binascii.Error, ValueError):
        pass  # not base64: refused as any other
    raise _cursor_problem()


def _mac(content: bytes) -> bytes:
    filters = sorted((name, value) for name, value in request.args.items(multi=True) if name not in ("cursor", "limit", "after"))
    bound = repr((request.path, filters)).encode()
    return bytes.fromhex(ports().keyring.fingerprint(scope().district, b"cursor\0" + bound + b"\0" + content))[:12]


def _cursor_problem() -> Problem:
    fault = Fault("query:cursor", "malformed", "not a cursor of this list", "`next` of the page before, with the same filters")
    return Problem(
        400, "cursor-invalid", "Not a cursor", "`cursor` takes `next` of the page before, with the same filters.", errors=[fault]
    )
