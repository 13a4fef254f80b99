"""What a proof is: one body, run on the system as it is and on systems broken on purpose.

As it is, the body must pass. With each broken variant the same body must fail, and by its own words (`Violated`): a property that
cannot fail proves nothing, and one that fails by accident proves something else. conftest.py holds both and prints the table.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

AS_IT_IS = "as it is"
SECONDS = float(os.environ.get("WAYMARK_PROOF_SECONDS", "6"))
"""How long property 5 lets eight processes write; a minute says more."""


class Violated(AssertionError):
    """The property does not hold, and this is how that showed."""


def must(holds: object, otherwise: str) -> None:
    if not holds:
        raise Violated(otherwise)


class Variant(NamedTuple):
    """`change` takes what the property is about (a store, a monkeypatch ...) and gives the one to be used in its place."""

    name: str
    change: Callable[[Any], Any]

    def __call__(self, system: Any) -> Any:
        return self.change(system)

    @property
    def broken(self) -> bool:
        return self.name != AS_IT_IS


def proof(broken: Mapping[str, Callable[[Any], Any]]) -> pytest.MarkDecorator:
    """The property runs as it is and once for each broken variant, named by what was done wrong in it."""
    assert broken, "a property that nothing can break proves nothing"
    variants = [Variant(AS_IT_IS, lambda system: system), *(Variant(name, change) for name, change in broken.items())]
    return pytest.mark.parametrize("variant", [pytest.param(each, id=each.name) for each in variants])


def named(test: str) -> tuple[int, str] | None:
    """A proof's number and what it says, from its test's name."""
    found = re.match(r"test_property_(\d\d)_(\w+)", test)
    return (int(found[1]), found[2].replace("_", " ")) if found else None
