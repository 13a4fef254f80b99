"""How many students are on each template, as far as the caller may list them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from waymark.events.envelope import PARTITIONS
from waymark.plans.views import open_id, open_plans, student_id, student_plans
from waymark.service.context import ports
from waymark.service.scope import Scope


def open_students(caller: Scope, templates: Collection[str]) -> Mapping[str, int]:
    """Open plans by template: from running counts for who reaches everyone, else from the plans of those in reach."""
    views, counts = ports().views, Counter[str]()
    if caller.students is None:
        ids = {open_id(caller.district, template, part): template for template in templates for part in range(PARTITIONS)}
        for name, count in views.get(caller, open_plans.view, ids).items():
            counts[ids[name]] += count.open
    else:
        documents = views.get(caller, student_plans.view, [student_id(caller.district, each) for each in caller.students])
        for student in documents.values():
            counts.update(template for template, row in student.plans.items() if row.status == "open")
    return counts
