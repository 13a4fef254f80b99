"""A district with reporting in it, and plans told by the real decisions of plans."""

import csv
import io
import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.unit.reporting.plan_histories import BY, CONTENT, PUBLISHED, SCALES, TEMPLATE
from waymark.events.catalogue.plans import Content, Scale, TemplatePublished
from waymark.events.catalogue.types import Place
from waymark.events.decide import decide
from waymark.events.envelope import Meta
from waymark.plans.domain import plan as rules
from waymark.plans.streams import PLAN, plan_stream, template_stream
from waymark.reporting.app import create_app, create_workers
from waymark.reporting.settings import Settings
from waymark.service.testing import Client, a_district

Decision = Callable[[rules.Plan | None], Sequence[Any]]


class House:
    """Facts go to the plans topic; reporting folds them before it is asked. `today` is the district's."""

    def __init__(self, folder: Path, district: str = "d1") -> None:
        self.district = a_district(folder, district)
        self.ports = ports = self.district.ports("reporting")
        self.app = create_app(ports, self.district.settings(Settings))
        self.district.run(*create_workers(ports, self.district.folder.feeds))
        self.plans = self.district.folder.store("plans")
        self.publish("t1")

    @property
    def today(self) -> date:
        return self.district.today

    def later(self, days: int) -> None:
        self.district.now += timedelta(days=days)

    def ask(self, person: str | None) -> Client:
        return self.district.client(self.app, person)

    def read(self, person: str, address: str, **query: Any) -> Any:
        """The answer to a question that is answered."""
        answer = self.ask(person).get(f"/reporting/v1{address}", query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def refused(self, person: str | None, address: str, **query: Any) -> tuple[int, str, str]:
        """Status, code and place of a refusal."""
        answer = self.ask(person).get(f"/reporting/v1{address}", query_string=query)
        problem = answer.json
        assert problem is not None
        return answer.status_code, problem["code"], problem["errors"][0]["pointer"] if problem["errors"] else ""

    def file(self, person: str, template: str = "t1", **query: Any) -> list[list[str]]:
        answer = self.ask(person).get(f"/reporting/v1/templates/{template}/students.csv", query_string=query)
        assert answer.status_code == 200, answer.text
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))

    # ---- facts

    def publish(self, template: str, content: Content = CONTENT, scales: dict[str, Scale] = SCALES) -> None:
        event = TemplatePublished(template=template, content=content, scales=scales, by=BY, effective=PUBLISHED["t1"].effective)
        stream = template_stream(self.district.id, template)
        self.plans.append(stream, stream, [event], 0, str(uuid.uuid4()), Meta())
        self.district.catch_up()

    def assign(self, *students: str, school: str = "s1", grade: str = "05", template: str = "t1") -> None:
        for each in students:
            self._decide(template, each, lambda plan: rules.assign(plan, Place(school, grade), by=BY, today=self.today))

    def update(self, student: str, item: str, value: Any, days_ago: int = 0, template: str = "t1") -> None:
        effective = self.today - timedelta(days=days_ago)
        self._decide(
            template,
            student,
            lambda plan: rules.update_item(plan, TEMPLATE, item, value, note=None, effective=effective, by=BY, today=self.today),
        )

    def hide(self, student: str, item: str, template: str = "t1") -> None:
        self._decide(template, student, lambda plan: rules.hide_item(plan, TEMPLATE, item, by=BY, today=self.today))

    def show(self, student: str, item: str, template: str = "t1") -> None:
        self._decide(template, student, lambda plan: rules.show_item(plan, TEMPLATE, item, by=BY, today=self.today))

    def complete(self, student: str, template: str = "t1") -> None:
        self._decide(template, student, lambda plan: rules.complete(plan, by=BY, today=self.today))

    def move(self, student: str, school: str, grade: str = "05", template: str = "t1") -> None:
        self._decide(template, student, lambda plan: rules.move(plan, Place(school, grade), effective=self.today, today=self.today))

    def _decide(self, template: str, student: str, decision: Decision) -> None:
        stream = plan_stream(self.district.id, template, student)
        assert decide(self.plans, stream, PLAN, decision, str(uuid.uuid4()), Meta()).appended is not None, "nothing happened"
        self.district.catch_up()
