"""People move: when the roster and a student's open plan say different places, the plan follows (P40).

Two documents a student, one a topic, say what is: `roster_places` and `student_plans`. Whenever either changes they are
compared, and where they differ a move is recorded on the plan, dated as the roster's fact is, at most today. States are
compared, never changes replayed: repeating it, or doing it late, gives the same.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from prometheus_client import Counter

from waymark.events.catalogue.plans import PlanReactivated, StudentAssigned
from waymark.events.catalogue.roster import StudentPlaced
from waymark.events.catalogue.types import Place
from waymark.events.decide import decide
from waymark.events.envelope import Event, Meta, Recorded
from waymark.events.feed import Batch, Checkpoint
from waymark.events.store import Store, Unavailable
from waymark.events.views import View, Views
from waymark.events.worker import live_view
from waymark.plans.domain import plan as rules
from waymark.plans.streams import PLAN, plan_stream
from waymark.plans.views import RosterPlace, StudentPlans, place_id, roster_places, student_id, student_plans
from waymark.service.directory import Directory

log = logging.getLogger(__name__)
SOURCES: Final = ("roster", "plans")
TOUCHING: Final[tuple[type[Event], ...]] = (StudentPlaced, StudentAssigned, PlanReactivated)
"""The facts after which roster and plan may differ. (A move ends a difference.)"""
AT_ONCE: Final = 500  # students whose documents are loaded together
CHECKPOINTS: Final = View[None](name="moves", version=1, document=type(None))
"""How far each source was reacted to. It holds no documents."""
_NAMESPACE: Final = uuid.UUID("5d0c5f5e-2a2b-5c57-8f5e-0d5f3c1a9b7e")  # for ever: the same difference must give the same commit id
_failed = Counter("moves_failed_total", "Students whose plans could not be compared with the roster")


class Moves:
    """Compares what the two sides say of students that were touched, once both sides are folded to the end.

    (While one is being folded from the beginning it says where the student went long ago: nobody moves back there.)
    """

    def __init__(self, store: Store, views: Views, directory: Directory, clock: Callable[[], datetime]) -> None:
        self._store, self._views, self._directory, self._clock = store, views, directory, clock
        self._sides = {source: _Side() for source in SOURCES}
        self._lock = threading.Lock()
        views.prepare(CHECKPOINTS)

    def begin(self, source: str) -> Mapping[int, Checkpoint]:
        """How far this source was reacted to; what was folded beyond it is told again."""
        with self._lock:
            self._sides[source] = _Side()
            return self._views.checkpoints(CHECKPOINTS, source)

    def folded(self, source: str, batch: Batch, caught_up: bool) -> None:
        """These events stand in the documents now. Raises Unavailable."""
        with self._lock:
            side = self._sides[source]
            side.caught_up = caught_up
            side.reached |= batch.checkpoints
            side.touched |= {(each.district, _student(each)) for each in batch.records if isinstance(each.event, TOUCHING)}
            if all(each.caught_up for each in self._sides.values()):
                self._settle()

    def _settle(self) -> None:
        touched = sorted({student for side in self._sides.values() for student in side.touched})
        for district, students in groupby(touched, key=lambda each: each[0]):
            ids = [student for _, student in students]
            for start in range(0, len(ids), AT_ONCE):
                self._follow(district, ids[start : start + AT_ONCE])
        for source, side in self._sides.items():
            if side.reached:
                self._views.save(CHECKPOINTS, source, (), (), side.reached)
            side.touched, side.reached = set(), {}

    def _follow(self, district: str, students: Collection[str]) -> None:
        places = self._views.load(live_view(roster_places, self._views), [place_id(district, each) for each in students])
        plans = self._views.load(live_view(student_plans, self._views), [student_id(district, each) for each in students])
        for student in students:
            place, own = places.get(place_id(district, student)), plans.get(student_id(district, student))
            if place and place.document and own and own.document:
                try:
                    self._move(district, place.document, own.document)
                except Unavailable:
                    raise
                except Exception:  # one student's damaged stream must not keep all others where they are
                    _failed.inc()
                    log.exception("a student's plans could not be compared with the roster", extra={"student": student})

    def _move(self, district: str, roster: RosterPlace, own: StudentPlans) -> None:
        if roster.school is None or roster.grade is None:
            return  # who has left stays where they were last, until somebody completes or removes the plan
        place = Place(roster.school, roster.grade)
        for template, row in own.plans.items():
            if row.status == "open" and row.place != place:
                stream = plan_stream(district, template, own.student)
                commit_id = str(uuid.uuid5(_NAMESPACE, f"{roster.event}\0{stream}/{row.placed}"))
                today = self._today(district)
                decide(
                    self._store,
                    stream,
                    PLAN,
                    lambda plan: rules.move(plan, place, effective=roster.effective, today=today),  # noqa: B023  decided before the next
                    commit_id,
                    Meta(),
                )

    def _today(self, district: str) -> date:
        return self._clock().astimezone(ZoneInfo(self._directory.district(district).time_zone)).date()


class _Side(Struct):
    """One source: students touched and checkpoints reached since it was last reacted to."""

    caught_up: bool = False
    touched: set[tuple[str, str]] = set()
    reached: dict[int, Checkpoint] = {}


def _student(recorded: Recorded) -> str:
    return recorded.stream.rpartition("/")[2]
