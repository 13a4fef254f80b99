"""Start one engine, in the way this machine offers."""

from pathlib import Path

from waymark.tools.engines import documentdb, kafka, packages, places
from waymark.tools.engines.containers import ContainerService
from waymark.tools.engines.ports import HOST, KafkaPorts, MongodbPorts, kafka_ports, mongodb_ports
from waymark.tools.engines.service import KafkaEngine, MongodbEngine, Service
from waymark.tools.engines.steps import Unavailable
from waymark.tools.engines.ways import Way, choose, machine, why_none


def start_kafka(folder: Path, ports: KafkaPorts | None = None, *, project: str | None = None, detached: bool = False) -> KafkaEngine:
    """A broker of one's own with its data in `folder`, on `ports` or free ones. It shares the installation with all others.

    `project` names its compose project where it runs in a container. `detached`: it outlives the process that starts it.
    Raises Unavailable if this machine cannot run one.
    """
    ports = ports or kafka_ports()
    here = machine()
    service: Service
    match choose(None, here):
        case Way.CONTAINER:
            variables = {"WAYMARK_KAFKA_PORT": ports.broker}
            service = ContainerService(here.container_tool or "", project or f"waymark-kafka-{ports.broker}", "kafka", variables)
        case Way.PACKAGES:
            ensure_tools(kafka=True)
            service = kafka.KafkaService(kafka.install(), folder, ports, detached=detached)
        case _:
            raise Unavailable(why_none(here))
    service.start()
    return KafkaEngine(f"{HOST}:{ports.broker}", service)


def start_mongodb(folder: Path, ports: MongodbPorts | None = None, *, project: str | None = None, detached: bool = False) -> MongodbEngine:
    """A document database of one's own, its logs in `folder`; see start_kafka. leaving its `with` block deletes its data."""
    ports = ports or mongodb_ports()
    here = machine()
    service: Service
    url = f"mongodb://{HOST}:{ports.mongodb}/"
    match choose(None, here):
        case Way.CONTAINER:
            variables = {"WAYMARK_MONGODB_PORT": ports.mongodb}
            service = ContainerService(here.container_tool or "", project or f"waymark-mongodb-{ports.mongodb}", "mongodb", variables)
            url += "?replicaSet=waymark"
        case Way.PACKAGES:
            ensure_tools(mongodb=True)
            service = documentdb.DocumentDbService(documentdb.install(), folder, ports, detached=detached)
        case _:
            raise Unavailable(why_none(here))
    service.start()
    return MongodbEngine(url, service)


def ensure_tools(*, kafka: bool = False, mongodb: bool = False) -> None:
    """Install the Debian packages that are missing. Raises Unavailable."""
    with places.lock("install-tools"):
        if names := packages.missing_tools(kafka=kafka, mongodb=mongodb):
            packages.install_tools(names, kafka=kafka)
