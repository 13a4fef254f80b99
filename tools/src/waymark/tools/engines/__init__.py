"""The real engines that tests and developers use: Kafka and a MongoDB. Standard library only.

`running()` names the shared ones that `python -m waymark.tools.engines up` started. A test that kills its engine starts one of its own
with `start_kafka` or `start_mongodb`.
"""

from waymark.tools.engines.ports import KafkaPorts, MongodbPorts
from waymark.tools.engines.service import KafkaEngine, MongodbEngine
from waymark.tools.engines.shared import Running, running
from waymark.tools.engines.start import start_kafka, start_mongodb
from waymark.tools.engines.steps import Unavailable

__all__ = [
    "KafkaEngine",
    "KafkaPorts",
    "MongodbEngine",
    "MongodbPorts",
    "Running",
    "Unavailable",
    "running",
    "start_kafka",
    "start_mongodb",
]
