"""What the district is: a zone that exists, and nothing said twice."""

import pytest

from waymark.events.catalogue.roster import DistrictDescribed
from waymark.roster.domain.district import District, TimeZoneUnknown, describe, evolve, zone_of

DESCRIBED = DistrictDescribed(name="Riverbend", time_zone="America/New_York", locale="en-US")


@pytest.mark.parametrize("zone", ["Mars/Olympus_Mons", "", "Europe", "../etc/passwd", "/etc/localtime", "Europe/Berlin\0", "x" * 300])
def test_a_zone_that_is_none_is_refused_by_name(zone: str) -> None:
    with pytest.raises(TimeZoneUnknown) as refused:
        describe(None, "Riverbend", zone, "en-US")
    assert refused.value.time_zone == zone


def test_a_district_is_described_once_and_again_where_it_differs() -> None:
    assert describe(None, "Riverbend", "America/New_York", "en-US") == [DESCRIBED]
    known = evolve(None, DESCRIBED)
    assert known == District("Riverbend", "America/New_York", "en-US")
    assert describe(known, "Riverbend", "America/New_York", "en-US") == []
    for changed in (("Riverside", "America/New_York", "en-US"), ("Riverbend", "UTC", "en-US"), ("Riverbend", "America/New_York", "es")):
        (event,) = describe(known, *changed)
        assert evolve(known, event) == District(*changed)


def test_today_is_by_utc_until_somebody_says_where_the_district_is() -> None:
    assert zone_of(None).key == "UTC"
    assert zone_of(evolve(None, DESCRIBED)).key == "America/New_York"
