"""A district, and the smallest service that wears everything."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.unit.service.scales_service import create_app, create_workers
from waymark.service.testing import TestDistrict, a_district


@pytest.fixture
def district(tmp_path: Path) -> Iterator[TestDistrict]:
    made = a_district(tmp_path)
    yield made
    made.close()


@pytest.fixture
def app(district: TestDistrict) -> Flask:
    ports = district.ports("plans")
    district.run(*create_workers(ports, district.folder.feeds))
    return create_app(ports, district.settings(threads=4))
