"""Pure functions over a history: each yields the faults of one promise."""

from __future__ import annotations

from collections.abc import Iterator

from tests.campaign.checks.fault import Fault
from tests.campaign.checks.publishing import publishing
from tests.campaign.checks.reading import reading
from tests.campaign.checks.storing import storing
from tests.campaign.checks.writing import writing
from tests.campaign.history import History
from tests.campaign.reference import Truth


def faults(history: History) -> list[Fault]:
    """Everything that is wrong with a history; none: every promise was kept."""
    return list(_faults(history))


def _faults(history: History) -> Iterator[Fault]:
    for each in history.troubles:
        yield Fault(each.check, each.words)
    order = list(storing(history))
    yield from order
    yield from writing(history)
    if history.stage.mode == "distributed":
        yield from publishing(history)
    if order:
        return  # no reference can be folded from a damaged store
    try:
        truth = Truth(history)
    except ValueError as problem:
        yield Fault("no rule allows it", str(problem))
        return
    yield from reading(history, truth)
