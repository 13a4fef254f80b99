"""Writers and readers: what they ask for comes from their own seeds, what they get goes into the history."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from random import Random
from typing import Any

from msgspec import Struct

from tests.campaign import looking
from tests.campaign.caller import Answer, Caller, Lost, NotSent
from tests.campaign.history import Outcome, Read, Write
from tests.campaign.scene import Scene, now

COMMIT_IDS = uuid.UUID("9f0b6c1e-3f0e-5a57-9d8e-6f2a1b7c4d10")
"""The platform's promise: a repeated request gives the same commit id, for ever."""
PERSISTENT = 0.8  # share of the operations that are sent again until somebody answers
LONGEST = 0.5  # seconds between two attempts
GIVING_UP = 40.0  # seconds after which even those end as unknown

Look = Callable[[Caller, Random], Read | None]


class Request(Struct, frozen=True):
    """One operation: sent as often as its writer has patience, always the same."""

    do: str
    method: str
    path: str
    body: Any
    streams: tuple[str, ...]
    tag: str = ""
    match: str = ""


class Writer(threading.Thread):
    """`loyal`: always to the hot plan."""

    def __init__(self, name: str, caller: Caller, scene: Scene, pause: float, loyal: bool) -> None:
        super().__init__(name=name, daemon=True)
        self._caller, self._scene, self._pause, self._loyal = caller, scene, pause, loyal
        self._random = Random(f"{scene.stage.seed}/{scene.stage.episode}/{name}")
        self._number = 0

    def run(self) -> None:
        while not self._scene.stop.is_set():
            self._number += 1
            tag = f"{self._scene.stage.drafts}{self.name}-{self._number}"
            try:
                request = self._request(tag)
                if request is not None:
                    self._send(request, tag)
            except (NotSent, Lost):
                time.sleep(0.05)  # nobody was there to look at the plan that was to be turned
            time.sleep(self._random.uniform(0, 2 * self._pause))
        self._caller.close()

    def _request(self, tag: str) -> Request | None:
        choice = self._random.random()
        if choice < 0.05:
            return self._draft(tag)
        if choice < 0.12:
            return self._assign()
        known = self._scene.assigned()
        if not known:
            return None
        student = self._scene.hot if self._loyal and self._scene.hot in known else self._random.choice(known)
        if choice < 0.27:
            return self._turn(student)
        if choice < 0.37:
            return self._hide(student)
        return self._update(student, tag)

    def _draft(self, tag: str) -> Request:
        key = self._key(tag)
        created = uuid.uuid5(COMMIT_IDS, "\0".join((self._scene.stage.district, self._caller.person, key, "0"))).hex
        body = {"title": tag, "description": "", "overall": None, "customisable": True, "sections": []}
        return Request("draft", "POST", "/plans/v1/templates", body, (f"{self._scene.stage.district}/template/{created}",), tag)

    def _assign(self) -> Request:
        chosen = self._random.sample(list(self._scene.students), self._random.randint(1, 3))
        streams = tuple(self._scene.plan_stream(each) for each in chosen)
        return Request("assign", "POST", f"/plans/v1/templates/{self._scene.stage.template}/students", {"students": chosen}, streams)

    def _turn(self, student: str) -> Request | None:
        """Close what is open, open what is closed, as it was seen."""
        read, etag = looking.plan(self._caller, self._scene, student)
        if read.status >= 502:
            return None
        self._scene.read(read)
        if not etag:
            return None
        close = self._random.choices(("complete", "remove"), (3, 1))[0]
        if read.plan_status == "open" and self._random.random() < 0.65:
            return None  # so that most plans are open most of the time
        do = close if read.plan_status == "open" else "reactivate"
        return Request(do, "POST", f"{self._path(student)}/{do}", {}, (self._scene.plan_stream(student),), match=etag)

    def _hide(self, student: str) -> Request:
        item = self._random.choice([each for each in self._scene.stage.item_kinds if each != "overall"])
        do, method = self._random.choice((("hide", "PUT"), ("show", "DELETE")))
        return Request(do, method, f"{self._path(student)}/items/{item}/hidden", None, (self._scene.plan_stream(student),))

    def _update(self, student: str, tag: str) -> Request:
        item = self._random.choice(list(self._scene.stage.item_kinds))
        kind = self._scene.stage.item_kinds[item]
        value: Any = {"levels": self._random.randint(1, 3), "points": self._random.randint(0, 5), "text": f"text {tag}"}[kind]
        if kind != "text" and self._random.random() < 0.05:
            value = 99  # on no scale: to be refused
        effective = self._scene.yesterday if self._random.random() < 0.1 else None
        body = {"value": value, "note": tag, "effective": effective}
        return Request("update", "POST", f"{self._path(student)}/items/{item}/updates", body, (self._scene.plan_stream(student),), tag)

    def _path(self, student: str) -> str:
        return f"/plans/v1/plans/{self._scene.stage.template}.{student}"

    def _key(self, tag: str) -> str:
        return f"key-{tag}"

    def _send(self, request: Request, op: str) -> None:
        """Until an answer tells; what is unknown is asked again with the same key, or, now and then, left so."""
        persistent = self._random.random() < PERSISTENT
        commit = str(uuid.uuid5(COMMIT_IDS, "\0".join((self._scene.stage.district, self._caller.person, self._key(op)))))
        headers = {"Idempotency_Key": self._key(op)} | ({"If_Match": request.match} if request.match else {})
        giving_up = time.monotonic() + GIVING_UP
        attempt = 0
        while time.monotonic() < giving_up:
            attempt += 1
            begun = now()
            try:
                write = self._told(
                    request, self._caller.ask(request.method, request.path, request.body, **headers), op, attempt, commit, begun
                )
            except NotSent:
                attempt -= 1
                if attempt == 0 and self._scene.stop.is_set():
                    return
                time.sleep(0.05)
                continue
            except Lost as lost:
                write = self._write(request, op, attempt, commit, begun, outcome="unknown", code=str(lost)[:60])
            self._scene.wrote(write)
            if write.outcome != "unknown" or not persistent:
                return
            time.sleep(self._random.uniform(0.5, 1) * min(LONGEST, 0.02 * 2**attempt))  # who hammers keeps it from starting

    def _told(self, request: Request, answer: Answer, op: str, attempt: int, commit: str, begun: float) -> Write:
        told: dict[str, Any] = {"status": answer.status, "positions": answer.positions}
        if answer.status >= 500:
            return self._write(request, op, attempt, commit, begun, outcome="unknown", code=answer.code, **told)
        if answer.status >= 400:
            return self._write(request, op, attempt, commit, begun, outcome="refused", code=answer.code, **told)
        placed = request.streams if answer.positions else ()
        if request.do == "assign":
            outcomes = {self._scene.plan_stream(each["student"]): each["outcome"] for each in answer.json()["results"]}
            placed = tuple(each for each in request.streams if outcomes.get(each) == "assigned")
        return self._write(request, op, attempt, commit, begun, outcome="acknowledged", placed=placed, **told)

    def _write(self, request: Request, op: str, attempt: int, commit: str, begun: float, *, outcome: Outcome, **told: Any) -> Write:
        return Write(
            op=op,
            attempt=attempt,
            do=request.do,
            begun=begun,
            ended=now(),
            outcome=outcome,
            commit=commit,
            streams=request.streams,
            tag=request.tag,
            **told,
        )


class Reader(threading.Thread):
    """Looks at one thing all the time, mostly asking for everything that was acknowledged before."""

    def __init__(self, name: str, look: Look, caller: Caller, scene: Scene, pause: float) -> None:
        super().__init__(name=name, daemon=True)
        self._look, self._caller, self._scene, self._pause = look, caller, scene, pause
        self._random = Random(f"{scene.stage.seed}/{scene.stage.episode}/{name}")

    def run(self) -> None:
        while not self._scene.stop.is_set():
            try:
                read = self._look(self._caller, self._random)
                if read is not None and read.status < 502:
                    self._scene.read(read)
                elif read is not None:
                    time.sleep(0.15)  # "not now", the front's or the platform's own, says nothing
            except (NotSent, Lost):
                pass
            time.sleep(self._random.uniform(0.5, 1.5) * self._pause)
        self._caller.close()


def readers(scene: Scene, call: Callable[[], Caller], pause: float) -> list[Reader]:
    """Two of bars, two of the list, one of single plans."""

    def due(random: Random) -> dict[int, int]:
        return scene.positions() if random.random() < 0.75 else {}

    def bars(caller: Caller, random: Random) -> Read:
        return looking.bars(caller, scene, due(random))

    def students(caller: Caller, random: Random) -> Read:
        return looking.students(caller, scene, due(random))

    def plan(caller: Caller, random: Random) -> Read | None:
        known = scene.assigned()
        if not known:
            return None
        student = scene.hot if scene.hot in known and random.random() < 0.6 else random.choice(known)
        return looking.plan(caller, scene, student)[0]

    looks: dict[str, Look] = {"bars-0": bars, "bars-1": bars, "list-0": students, "list-1": students, "plans": plan}
    return [Reader(f"reader-{name}", look, call(), scene, pause) for name, look in looks.items()]
