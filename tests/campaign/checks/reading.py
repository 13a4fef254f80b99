"""Projected = stored, at every moment: each answer is one that the stored events allow at the time at which it was given.

For each plan an answer may stand after any of its commits from `low` (what the reader may rely on: `?after=`, its own stream's
acknowledged writes, what anybody was shown before) to `high` (what can have existed when the answer came).
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping

from tests.campaign.checks.fault import Fault
from tests.campaign.history import History, Read
from tests.campaign.reference import Timeline, Truth, counted, row


def reading(history: History, truth: Truth) -> Iterator[Fault]:
    yield from _answers(history)
    yield from _bars(history, truth)
    yield from _lists(history, truth)
    yield from _plans(history, truth)
    yield from _drafts(history)


def _answers(history: History) -> Iterator[Fault]:
    for each in history.reads:
        if each.status == 500 or (400 <= each.status < 500 and (each.what, each.status) != ("plan", 404)):
            yield Fault("reads answer", f"{each.what} of {each.subject} answered {each.status} at {each.begun:.3f}")


def _window(truth: Truth, each: Timeline, read: Read) -> range:
    """The moments of one plan that the answer may show."""
    low = each.at(read.after.get(each.partition, 0) // 1000) if not read.behind else 0
    return range(low, each.at(truth.possible(read.ended)) + 1)


def _bars(history: History, truth: Truth) -> Iterator[Fault]:
    figures = {stream: _Figures(each, truth) for stream, each in truth.timelines.items()}
    for read in (each for each in history.reads if each.what == "bars" and each.status == 200):
        least: Counter[str] = Counter()
        most: Counter[str] = Counter()
        for stream, each in truth.timelines.items():
            figures[stream].add(_window(truth, each, read), least, most)
        for name in read.counts.keys() | most.keys():
            seen = read.counts.get(name, 0)
            if seen > most[name]:
                yield Fault("no count beyond the truth", f"{name} was {seen} at {read.ended:.3f}, at most {most[name]} were possible")
            if seen < least[name]:
                yield Fault(
                    "a read after a write contains it", f"{name} was {seen} at {read.ended:.3f}, at least {least[name]} due{_asked(read)}"
                )


class _Figures:
    """What one plan adds to each figure, after each of its commits; a figure counts a plan once or not at all."""

    def __init__(self, each: Timeline, truth: Truth) -> None:
        self._at = [counted(moment.plan, truth.stage).keys() for moment in each.moments]
        self._ever: list[frozenset[str]] = []
        ever: frozenset[str] = frozenset()
        for counts in self._at:
            ever = ever if counts <= ever else ever | counts
            self._ever.append(ever)

    def add(self, window: range, least: Counter[str], most: Counter[str]) -> None:
        if window.start == 0:  # at first the plan counted nowhere
            most.update(self._ever[window.stop - 1])
            return
        options = [self._at[at] for at in window]
        least.update(frozenset(options[0]).intersection(*options[1:]))
        most.update(frozenset(options[0]).union(*options[1:]))


def _asked(read: Read) -> str:
    return f" (after {read.after})" if read.after else ""


def _lists(history: History, truth: Truth) -> Iterator[Fault]:
    rows = {stream: [row(moment.plan) for moment in each.moments] for stream, each in truth.timelines.items()}
    reads = [each for each in history.reads if each.what == "list" and each.status == 200]
    floors: dict[str, int] = dict.fromkeys(truth.timelines, 0)
    finished: list[tuple[float, int, Mapping[str, int]]] = []
    for number, read in enumerate(sorted(reads, key=lambda each: each.begun)):
        while finished and finished[0][0] < read.begun:
            for stream, at in heapq.heappop(finished)[2].items():
                floors[stream] = max(floors[stream], at)
        shown: dict[str, int] = {}
        for stream, each in truth.timelines.items():
            seen = read.rows.get(truth.student(stream))
            window, floor = _window(truth, each, read), floors[stream]
            fit = next((at for at in window if at >= floor and rows[stream][at] == seen), None)
            if fit is not None:
                shown[stream] = fit
            elif any(rows[stream][at] == seen for at in window):
                before = each.moments[floor].version
                yield Fault("no answer goes back", f"{stream} was {seen} at {read.ended:.3f}, when version {before} had been shown")
            else:
                allowed = {rows[stream][at] for at in window}
                yield Fault("the list equals the fold", f"{stream} was {seen} at {read.ended:.3f}, allowed {allowed}{_asked(read)}")
        if unknown := read.rows.keys() - {truth.student(each) for each in truth.timelines}:
            yield Fault("the list equals the fold", f"{sorted(unknown)} are on no plan")
        heapq.heappush(finished, (read.ended, number, shown))


def _plans(history: History, truth: Truth) -> Iterator[Fault]:
    """A plan is read from its stream: it holds whatever was acknowledged, or shown to anybody, before the question."""
    due: list[tuple[float, str, int]] = []
    for write in history.writes:
        if write.outcome == "acknowledged":
            for stream in write.placed:
                each = truth.timelines.get(stream)
                if each is not None:
                    due.append((write.ended, stream, _version(truth, each, write.commit)))
    reads = [each for each in history.reads if each.what == "plan" and each.status in (200, 404)]
    due += [(each.ended, each.subject, each.version) for each in reads]
    due.sort()
    floors: dict[str, int] = {}
    known = 0
    for read in sorted(reads, key=lambda each: each.begun):
        while known < len(due) and due[known][0] < read.begun:
            _, stream, version = due[known]
            floors[stream] = max(floors.get(stream, 0), version)
            known += 1
        yield from _plan(truth, read, floors.get(read.subject, 0))


def _version(truth: Truth, each: Timeline, commit: str) -> int:
    return next((moment.version for moment in each.moments[1:] if truth.by_position[moment.position].commit == commit), 0)


def _plan(truth: Truth, read: Read, floor: int) -> Iterator[Fault]:
    each = truth.timelines.get(read.subject)
    if read.status == 404:
        if each is not None and not _absent(truth, each, read, floor):
            yield Fault("the plan equals the fold", f"{read.subject} was not there at {read.begun:.3f}, after version {floor} was known")
        return
    moment = None if each is None else next((moment for moment in each.moments if moment.version == read.version), None)
    if each is None or moment is None:
        yield Fault("a commit is whole", f"{read.subject} was shown at version {read.version}, where no commit ends")
        return
    if moment.position > truth.possible(read.ended):
        yield Fault(
            "no count beyond the truth", f"{read.subject} was at version {read.version} at {read.ended:.3f}, before anybody asked for it"
        )
    if read.version < floor:
        yield Fault(
            "a read after a write contains it", f"{read.subject} was at version {read.version} at {read.begun:.3f}, after {floor} was known"
        )
    plan = moment.plan
    expected = ("removed", (), []) if plan is None else (plan.status, tuple(sorted(plan.hidden)), plan.tags())
    if expected != (read.plan_status, read.hidden, sorted(read.tags)):
        odd = sorted(set(read.tags) ^ set(expected[2]))[:5]
        yield Fault(
            "the plan equals the fold",
            f"{read.subject}/{read.version}: {read.plan_status} {read.hidden}, tags differ in {odd} of {len(read.tags)}",
        )


def _absent(truth: Truth, each: Timeline, read: Read, floor: int) -> bool:
    """Whether the student can have been off the plan: a removal that leaves nothing is answered as if there had never been one."""
    return any(moment.plan is None for moment in each.moments if moment.version >= floor and moment.position <= truth.possible(read.ended))


def _drafts(history: History) -> Iterator[Fault]:
    """What was created is listed once, what was refused is not."""
    reads = [each for each in history.reads if each.what == "drafts" and not each.behind and each.status == 200]
    titles = sorted(
        event["content"]["title"]
        for kept in history.kept
        for kind, event in kept.events
        if kind == "plans.template-drafted.v1" and event["content"]["title"].startswith(history.stage.drafts)
    )
    for read in reads:
        if sorted(read.tags) != titles:
            odd = sorted(set(read.tags) ^ set(titles))[:5]
            yield Fault("the drafts equal the fold", f"{len(read.tags)} listed, {len(titles)} stored, they differ in {odd}")
