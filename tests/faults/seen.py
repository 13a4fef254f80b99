"""What an operator sees from outside: the metrics of this process."""

from __future__ import annotations

from prometheus_client import REGISTRY


def metric(name: str, **labels: str) -> float:
    """0 when it was never set."""
    return REGISTRY.get_sample_value(name, labels) or 0.0
