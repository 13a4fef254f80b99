"""The four things that readers look at, asked once, and what was seen."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from msgspec.structs import replace

from tests.campaign.caller import Answer, Caller
from tests.campaign.history import Read, Row
from tests.campaign.scene import Scene, now


def bars(caller: Caller, scene: Scene, after: dict[int, int]) -> Read:
    begun = now()
    answer = caller.ask("GET", f"/reporting/v1/templates/{scene.stage.template}/bars{_after(after)}")
    read = _read("bars", scene.stage.template, begun, answer, after)
    if answer.status != 200:
        return read
    body = answer.json()
    counts = {"n": body["n"]}
    for bar in (body["overall"], *(each for section in body["sections"] for each in section["items"])):
        counts |= _figures(bar)
    return _with(read, behind=body["behind"], counts={name: count for name, count in counts.items() if count})


def students(caller: Caller, scene: Scene, after: dict[int, int]) -> Read:
    begun = now()
    answer = caller.ask("GET", f"/plans/v1/templates/{scene.stage.template}/students{_after(after, limit='200')}")
    read = _read("list", scene.stage.template, begun, answer, after)
    if answer.status != 200:
        return read
    body = answer.json()
    rows = {each["student"]["id"]: Row(each["status"], each["overall"] and each["overall"]["value"]) for each in body["items"]}
    if len(rows) != len(body["items"]) or len(rows) != sum(body["counts"].values()):
        rows["listed twice, or counted otherwise than listed"] = Row("", None)
    return _with(read, behind=body["behind"], rows=rows)


def plan(caller: Caller, scene: Scene, student: str) -> tuple[Read, str]:
    """What was seen, and the ETag."""
    begun = now()
    answer = caller.ask("GET", f"/plans/v1/plans/{scene.stage.template}.{student}")
    read = _read("plan", scene.plan_stream(student), begun, answer, {})
    if answer.status != 200:
        return read, ""
    body = answer.json()
    items = body["items"]
    return _with(
        read,
        version=body["version"],
        plan_status=body["status"],
        hidden=tuple(sorted(name for name, item in items.items() if item["hidden"])),
        tags=tuple(update["note"] for item in items.values() for update in item["updates"]),
    ), answer.headers.get("etag", "")


def drafts(caller: Caller, scene: Scene, after: dict[int, int]) -> Read:
    """All pages; behind if any of them was."""
    begun, titles, behind, cursor = now(), list[str](), False, ""
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer = caller.ask("GET", f"/plans/v1/templates{_after(after, limit='200', search=scene.stage.drafts, status='draft', **more)}")
        if answer.status != 200:
            return _read("drafts", scene.stage.drafts, begun, answer, after)
        body = answer.json()
        titles += [each["title"] for each in body["items"]]
        behind, cursor = behind or body["behind"], body["next"]
        if not cursor:
            return _with(_read("drafts", scene.stage.drafts, begun, answer, after), behind=behind, tags=tuple(titles))


def _figures(bar: dict[str, Any]) -> dict[str, int]:
    item = bar["item"]
    counts = {f"{item}/hidden": bar["hidden"]}
    if bar["kind"] == "levels":
        counts[f"{item}/not-yet"] = bar["not_yet"]["count"]
        counts |= {f"{item}/{each['code']}": each["count"] for each in bar["segments"]}
    else:
        counts |= {f"{item}/not-yet": bar["not_yet"], f"{item}/answered": bar["answered"]}
    return counts


def _after(after: dict[int, int], **query: str) -> str:
    if after:
        query["after"] = ",".join(f"plans:{part}:{sequence}" for part, sequence in sorted(after.items()))
    return ("?" + "&".join(f"{name}={quote(value)}" for name, value in query.items())) if query else ""


def _read(what: Any, subject: str, begun: float, answer: Answer, after: dict[int, int]) -> Read:
    return Read(what=what, subject=subject, begun=begun, ended=now(), status=answer.status, after=after)


def _with(read: Read, **seen: Any) -> Read:
    return replace(read, **seen)
