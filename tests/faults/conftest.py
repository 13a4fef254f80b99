"""What tests of dying engines share."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from waymark.tools.engines import KafkaEngine, MongodbEngine, start_kafka, start_mongodb


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[KafkaEngine]:
    """One of this test's own, to be killed."""
    with start_kafka(tmp_path / "kafka") as broker:
        yield broker


@pytest.fixture
def documents(tmp_path: Path) -> Iterator[MongodbEngine]:
    """One of this test's own, to be killed."""
    with start_mongodb(tmp_path / "mongodb") as documents:
        yield documents


@pytest.fixture
def quiet() -> Iterator[None]:
    """Captured log records would keep the client's dead connections alive beyond this test."""
    level = logging.getLogger("kafka").level
    logging.getLogger("kafka").setLevel(logging.CRITICAL + 1)
    yield
    logging.getLogger("kafka").setLevel(level)
    gc.collect()
