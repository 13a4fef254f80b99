"""The streams of this service: what they are called, and how each is folded."""

from __future__ import annotations

from waymark.events.decide import Aggregate
from waymark.plans.domain import plan as plans
from waymark.plans.domain import scale as scales
from waymark.plans.domain import spans
from waymark.plans.domain import template as templates


def _student_key(stream: str) -> str:
    """All that is said about one student stays in one partition."""
    return stream.rpartition("/")[2]


SCALE = Aggregate[scales.ScaleState](evolve=scales.evolve)
TEMPLATE = Aggregate[templates.Template](evolve=templates.evolve)
PLAN = Aggregate[plans.Plan](evolve=plans.evolve, complete=spans.complete, key=_student_key)


def scale_stream(district: str, scale: str) -> str:
    return f"{district}/scale/{scale}"


def template_stream(district: str, template: str) -> str:
    return f"{district}/template/{template}"


def plan_stream(district: str, template: str, student: str) -> str:
    return f"{district}/plan/{template}/{student}"
