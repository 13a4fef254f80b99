"""Ports of our own: below the range that systems hand out to clients, and never the engines' standard ones."""

import random
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

HOST = "127.0.0.1"
STANDARD = frozenset({5432, 9092, 27017})
OWN = range(29400, 29900)


@dataclass(frozen=True)
class KafkaPorts:
    broker: int
    controller: int


@dataclass(frozen=True)
class MongodbPorts:
    mongodb: int
    postgresql: int


SHARED_KAFKA = KafkaPorts(broker=29392, controller=29393)
SHARED_MONGODB = MongodbPorts(mongodb=29317, postgresql=29332)


def pick(wanted: Iterable[int], spare: Iterable[int], is_free: Callable[[int], bool]) -> list[int]:
    """Each wanted port if it is free, else the next spare one that is; all different. Raises OSError if the spare ones run out."""
    chosen: list[int] = []
    rest = iter(spare)
    for port in wanted:
        candidate: int | None = port
        while candidate is not None and (candidate in chosen or candidate in STANDARD or not is_free(candidate)):
            candidate = next(rest, None)
        if candidate is None:
            raise OSError(f"no free port on {HOST}: {port} is taken, and so are the spare ones")
        chosen.append(candidate)
    return chosen


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int, host: str = HOST) -> bool:
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Whether `condition` came true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def kafka_ports(wanted: KafkaPorts | None = None) -> KafkaPorts:
    """`wanted` where free, else free ones."""
    spare = _spare()
    return KafkaPorts(*pick((wanted.broker, wanted.controller) if wanted else spare[:2], spare, is_free))


def mongodb_ports(wanted: MongodbPorts | None = None) -> MongodbPorts:
    """`wanted` where free, else free ones."""
    spare = _spare()
    return MongodbPorts(*pick((wanted.mongodb, wanted.postgresql) if wanted else spare[:2], spare, is_free))


def _spare() -> list[int]:
    return random.sample(OWN, len(OWN))  # at random, so that two test runs at once seldom want the same
