"""What runs one engine, and the engine as its user sees it."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from waymark.tools.engines.processes import Process


class Service(Protocol):
    """One server with its data: processes of ours, or a container."""

    def start(self) -> None:
        """Start on the data there are and wait until it answers. Raises Unavailable."""
        ...

    def stop(self) -> None: ...

    def kill(self) -> None:
        """End it at once, as a power cut would. The data stay."""
        ...

    def remove(self) -> None:
        """Stop it and delete its data."""
        ...

    @property
    def processes(self) -> Sequence[Process]:
        """Those that run, in the order in which they are to be ended. None for a container."""
        ...

    @property
    def folders(self) -> Sequence[Path]:
        """What is to be deleted once it is stopped. None for a container."""
        ...


class Engine:
    """An engine of one's own: it may be killed and restarted, and keeps its data meanwhile. Leaving its `with` block removes it."""

    def __init__(self, setting: str, service: Service) -> None:
        self.setting = setting
        self.service = service

    def kill(self) -> None:
        self.service.kill()

    def stop(self) -> None:
        self.service.stop()

    def restart(self) -> None:
        """Start again on the same data and ports; stops it first if it runs."""
        self.service.stop()
        self.service.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.service.remove()


class KafkaEngine(Engine):
    @property
    def bootstrap(self) -> str:
        """`host:port` for `bootstrap_servers`."""
        return self.setting


class MongodbEngine(Engine):
    @property
    def url(self) -> str:
        return self.setting
