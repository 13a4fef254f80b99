"""What operators do is recorded where no view and no district is."""

from __future__ import annotations

import pytest

from tests.unit.events.declarations import everything
from tests.unit.events.samples import golden
from waymark.events.catalogue import operations
from waymark.events.envelope import district_of
from waymark.service.identity import DISTRICT


@pytest.mark.parametrize("name", sorted(everything()))
def test_no_fold_takes_an_operation(name: str) -> None:
    assert not set(everything()[name].types) & set(operations.EVENTS)


def test_operations_stand_in_no_district() -> None:
    streams = {golden()[each.type].stream for each in operations.EVENTS}
    assert {district_of(each) for each in streams} == {operations.DISTRICT}
    assert DISTRICT.fullmatch(operations.DISTRICT) is None
    assert DISTRICT.fullmatch("platform-north")
