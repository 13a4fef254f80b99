"""Kafka as one broker that is its own controller (KRaft), run from the jars of Maven's repository."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from waymark.tools.engines import places
from waymark.tools.engines.ports import HOST, KafkaPorts, answers, wait_until
from waymark.tools.engines.processes import Process, last_lines, spawn
from waymark.tools.engines.steps import Unavailable, run

VERSION = "4.1.0"
MEMORY = "512m"
PATIENCE = 60.0  # seconds to answer; 4 on two idle cores

POM = f"""\
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>waymark.engines</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{VERSION}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>2.25.1</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.1</version></dependency>
  </dependencies>
</project>
"""

LOGGING = """\
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %c{1}: %m%n
rootLogger.level = WARN
rootLogger.appenderRef.console.ref = console
logger.server.name = kafka.server.KafkaRaftServer
logger.server.level = INFO
"""


def server_properties(ports: KafkaPorts, folder: Path) -> str:
    """The broker's settings: both roles, one replica of everything, short waits."""
    settings = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{HOST}:{ports.controller}",
        "listeners": f"PLAINTEXT://{HOST}:{ports.broker},CONTROLLER://{HOST}:{ports.controller}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{ports.broker}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "log.dirs": str(folder / "log"),
        "auto.create.topics.enable": "false",
        "default.replication.factor": "1",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "4",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def install() -> Path:
    """The folder of the jars, fetched unless they are there."""
    home = places.installation(f"kafka-{VERSION}", POM)
    with places.lock("install-kafka"):
        if not home.exists():
            with places.installing(home) as part:
                (part / "pom.xml").write_text(POM)
                fetch = ["mvn", "-q", "-B", "-f", part / "pom.xml", "dependency:copy-dependencies", f"-DoutputDirectory={part / 'lib'}"]
                run(f"Kafka: fetching the jars of {VERSION}", fetch)
    return home / "lib"


class KafkaService:
    def __init__(self, jars: Path, folder: Path, ports: KafkaPorts, *, detached: bool) -> None:
        self._classes = f"{jars}/*"
        self._folder = folder
        self._ports = ports
        self._detached = detached
        self._process: Process | None = None

    @property
    def processes(self) -> Sequence[Process]:
        return [self._process] if self._process else []

    @property
    def folders(self) -> Sequence[Path]:
        return [self._folder]

    def start(self) -> None:
        properties = self._folder / "server.properties"
        if not properties.exists():
            self._format(properties)
        log = self._folder / "kafka.log"
        command = [
            "java",
            f"-Xmx{MEMORY}",
            f"-Dlog4j2.configurationFile={self._folder / 'log4j2.properties'}",
            "-cp",
            self._classes,
            "kafka.Kafka",
            properties,
        ]
        process = self._process = spawn("kafka", command, log=log, detached=self._detached)
        wait_until(lambda: answers(self._ports.broker) or not process.alive(), seconds=PATIENCE)
        if not (process.alive() and answers(self._ports.broker)):
            process.kill()
            raise Unavailable(f"Kafka did not answer on {HOST}:{self._ports.broker}; the last lines of {log}:\n{last_lines(log)}")

    def _format(self, properties: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "log4j2.properties").write_text(LOGGING)
        part = properties.with_suffix(".part")
        part.write_text(server_properties(self._ports, self._folder))
        tool = ["java", "-cp", self._classes, "kafka.tools.StorageTool"]
        cluster = run("Kafka: a cluster id", [*tool, "random-uuid"], quiet=True).split()[-1]
        run("Kafka: formatting its folder", [*tool, "format", "-t", cluster, "-c", part], quiet=True)
        part.rename(properties)

    def stop(self) -> None:
        for process in self.processes:
            process.stop()

    def kill(self) -> None:
        for process in self.processes:
            process.kill()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
