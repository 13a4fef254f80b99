"""Which way to an engine is taken, and what is read from the machine to take it."""

import pytest

from waymark.tools.engines import packages
from waymark.tools.engines.ways import Machine, Way, choose, why_none

CONTAINERS = Machine(container_tool="docker", debian=True, root=True)
CI = Machine(container_tool=None, debian=True, root=True)
PERSON = Machine(container_tool=None, debian=True, root=False)
OTHER = Machine(container_tool=None, debian=False, root=True)


@pytest.mark.parametrize("machine", [CONTAINERS, CI, PERSON, OTHER])
def test_a_server_that_is_given_goes_before_everything(machine: Machine):
    assert choose("127.0.0.1:19092", machine) is Way.GIVEN


@pytest.mark.parametrize("machine, way", [(CONTAINERS, Way.CONTAINER), (CI, Way.PACKAGES), (PERSON, Way.NONE), (OTHER, Way.NONE)])
def test_containers_go_before_packages_and_packages_need_debian_and_root(machine: Machine, way: Way):
    assert choose(None, machine) is way


def test_an_empty_setting_gives_no_server():
    assert choose("", CI) is Way.PACKAGES


@pytest.mark.parametrize("machine, lacking", [(PERSON, "not root"), (OTHER, "not Debian")])
def test_the_reason_for_having_no_way_says_what_is_lacking(machine: Machine, lacking: str):
    assert lacking in why_none(machine)


TARGETS = """\
https://mirror.example/debian-security/ bookworm-security
https://mirror.example/debian/ bookworm-updates
https://mirror.example/debian/ bookworm
"""


def test_the_mirror_is_the_one_that_serves_the_machines_own_suite():
    assert packages.mirror(TARGETS, "bookworm") == "https://mirror.example/debian/"


def test_sources_without_the_machines_suite_name_no_mirror():
    assert packages.mirror(TARGETS, "trixie") is None
    assert packages.mirror("", "") is None
