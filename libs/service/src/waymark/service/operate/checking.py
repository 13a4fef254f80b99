"""`check`: what stands in the views, held against the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from waymark.events.catalogue.operations import DISTRICT, Checked, StreamDiscarded, StreamRedacted
from waymark.events.check import Finding, Report
from waymark.events.check import check as hold_against
from waymark.events.project import Projection
from waymark.events.store import NotDense
from waymark.service.operate.desk import Asking, Desk, Told

NAMED = 50  # findings that are printed


class Checks(Struct, frozen=True, kw_only=True):
    """A report for each service whose events are folded here, and all findings."""

    reports: list[Report]
    findings: list[Finding]


def check(desk: Desk, arguments: Sequence[str]) -> int:
    """Hold views against the facts; 1 when something is wrong."""
    asking = Asking(
        desk,
        "check",
        "Read every event from the first one: positions dense, versions gapless, no checkpoint beyond the end, and a sample of the "
        "documents of each view equal to a fold of the facts. Workers and writers may go on meanwhile.",
        act=True,
    )
    asking.add_argument("--view", help="this view only")
    asking.add_argument("--sample", type=int, default=500, help="documents of each view, about (500)")
    asked = asking.parse_args(arguments)
    chosen = [desk.projection(asked.view)] if asked.view else list(desk.projections)
    own = [desk.service] if desk.ports.store is not None and not asked.view else []
    sources = dict.fromkeys([*own, *(each.source for each in chosen)])
    told, reports = Told(asked.json), list[Report]()
    for source in sources:
        told.say(f"reading the events of {source}")
        reports.append(_report(desk, source, [each for each in chosen if each.source == source], asked.sample, told))
    found = Checks(reports=reports, findings=[finding for each in reports for finding in each.findings])
    documents = sum(each.documents for each in reports)
    commits = 0 if desk.ports.store is None else desk.ports.store.head()
    desk.record("check", Checked(by=asked.by, reason=asked.reason, commits=commits, documents=documents, wrong=len(found.findings)))
    told.answer(found, _lines(found))
    return 1 if found.findings else 0


def _report(desk: Desk, source: str, projections: Sequence[Projection[Any]], sample: int, told: Told) -> Report:
    aside = _set_aside(desk, projections)
    try:
        return hold_against(desk.deployment.feed_apart(source), projections, desk.ports.views, sample, aside, told.progress)
    except NotDense as hole:
        finding = Finding(where=source, what=f"{hole}: nothing beyond it was read")
        return Report(source=source, events=0, streams=0, documents=0, not_compared=0, findings=(finding,))


def _set_aside(desk: Desk, projections: Sequence[Projection[Any]]) -> Mapping[str, frozenset[str]]:
    """Streams that operators gave up or redacted, by view: what was folded of them is not what the facts say."""
    store = desk.ports.store
    if store is None:
        return {}
    return {
        each.name: frozenset(
            recorded.event.stream
            for commit in store.read(f"{DISTRICT}/operation/{each.name}", 0)
            for recorded in commit.recorded()
            if isinstance(recorded.event, StreamDiscarded | StreamRedacted)
        )
        for each in projections
    }


def _lines(found: Checks) -> list[str]:
    lines = [
        f"{each.source}: {each.events:,} events of {each.streams:,} streams; {each.documents:,} documents compared, "
        f"{each.not_compared:,} not; {len(each.findings):,} findings"
        for each in found.reports
    ]
    lines += [f"  {each.where}: {each.what}" for each in islice(found.findings, NAMED)]
    if len(found.findings) > NAMED:
        lines.append(f"  ... and {len(found.findings) - NAMED:,} more")
    return lines
