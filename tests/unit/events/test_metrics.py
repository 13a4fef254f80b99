"""What operators watch is there under the names that engine.md, section 13, promises, and under those that the faults asked for."""

from __future__ import annotations

import importlib

import pytest
from prometheus_client import REGISTRY, generate_latest

PROMISED = {
    "append_seconds",
    "append_conflicts_total",
    "appender_queue",
    "store_position",
    "relay_position",
    "projection_lag_events",
    "projection_age_seconds",
    "parked_streams",
    "partition_stalled",
    "batch_size",
}
FOR_FAULTS = {"relay_unavailable", "feed_unavailable", "projection_stopped"}


@pytest.mark.parametrize("name", sorted(PROMISED | FOR_FAULTS))
def test_a_metric_is_there_under_its_name(name: str) -> None:
    for module in ("appender", "relay", "worker", "project", "stalls"):
        importlib.import_module(f"waymark.events.{module}")
    assert f"# HELP {name} " in generate_latest(REGISTRY).decode()
