"""Ports of the engines: the wanted ones where they are free, and never an engine's standard one."""

import pytest

from waymark.tools.engines import ports


def test_wanted_ports_are_taken_where_they_are_free():
    assert ports.pick([29392, 29393], [29400], lambda port: True) == [29392, 29393]


def test_a_taken_port_is_replaced_by_the_first_free_spare_one():
    assert ports.pick([29392, 29393], [29400, 29401], lambda port: port not in {29392, 29400}) == [29401, 29393]


def test_no_port_is_given_twice():
    assert ports.pick([29400, 29400], [29400, 29401], lambda port: True) == [29400, 29401]


@pytest.mark.parametrize("standard", [5432, 9092, 27017])
def test_a_standard_port_is_never_used_even_where_it_is_free(standard: int):
    assert ports.pick([standard], [29400], lambda port: True) == [29400]


def test_having_no_free_port_is_an_error_that_names_the_port():
    with pytest.raises(OSError, match="29392"):
        ports.pick([29392], [29400], lambda port: False)


def test_the_ports_of_the_shared_engines_are_not_among_those_of_tests():
    shared = {ports.SHARED_KAFKA.broker, ports.SHARED_KAFKA.controller, ports.SHARED_MONGODB.mongodb, ports.SHARED_MONGODB.postgresql}
    assert len(shared) == 4
    assert not shared & (set(ports.OWN) | ports.STANDARD)
