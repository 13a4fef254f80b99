"""A MongoDB protocol server from packages: FerretDB in front of PostgreSQL with the DocumentDB extension.

PostgreSQL runs in a file system of its own (chroot), because only a newer Debian than most machines' has the extension.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from waymark.tools.engines import packages, places
from waymark.tools.engines.ports import HOST, MongodbPorts, answers, wait_until
from waymark.tools.engines.processes import Process, last_lines, spawn
from waymark.tools.engines.steps import Unavailable, run

POSTGRESQL = "18"
FERRETDB = "github.com/FerretDB/FerretDB/v2/cmd/ferretdb@v2.7.0"
PROGRAMS = f"/usr/lib/postgresql/{POSTGRESQL}/bin"
BUILD_PACKAGES = ["golang-go", "ca-certificates"]
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
PATIENCE = 60.0  # seconds for each of the two to answer


@dataclass(frozen=True)
class Installation:
    root: Path
    ferretdb: Path


def postgresql_settings(port: int, sockets: str) -> str:
    """What is added to the settings that initdb wrote; `sockets` is a folder as PostgreSQL sees it."""
    settings = {
        "listen_addresses": f"'{HOST}'",
        "port": str(port),
        "unix_socket_directories": f"'{sockets}'",
        "dynamic_shared_memory_type": "mmap",  # the file system has no /dev/shm
        "shared_preload_libraries": "'pg_cron,pg_documentdb_core,pg_documentdb'",
        "cron.database_name": "'postgres'",
        "cron.host": f"'{HOST}'",
    }
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def install() -> Installation:
    """Both parts, made unless they are there. Raises Unavailable."""
    with places.lock("install-mongodb"), ThreadPoolExecutor() as pool:
        root, ferretdb = pool.submit(_install_root), pool.submit(_install_ferretdb)
        return Installation(root.result(), ferretdb.result())


def _install_root() -> Path:
    contents = [f"postgresql-{POSTGRESQL}-documentdb", "ca-certificates"]
    root = places.installation(f"postgresql-{POSTGRESQL}", " ".join([packages.SUITE, *contents]))
    if not root.exists():
        with places.installing(root) as part:
            packages.make_root(f"MongoDB: a file system with PostgreSQL {POSTGRESQL} and DocumentDB", part, contents)
    return root


def _install_ferretdb() -> Path:
    home = places.installation("ferretdb", FERRETDB)
    if not home.exists():
        with places.installing(home) as part:
            if packages.has_go():
                environment = {**os.environ, "GOBIN": str(part), "CGO_ENABLED": "0"}
                run("MongoDB: building FerretDB", ["go", "install", FERRETDB], env=environment)
            else:
                what = f"MongoDB: building FerretDB with a Go from {packages.SUITE} that is thrown away afterwards"
                packages.make_root(what, "-", BUILD_PACKAGES, hooks=_build_steps(part), form="null")
    return home / "ferretdb"


def _build_steps(target: Path) -> list[str]:
    """What builds FerretDB inside a file system made for it ($1), trusting the certificates this machine trusts."""
    return [
        f'if [ -e {CERTIFICATES} ]; then cp {CERTIFICATES} "$1{CERTIFICATES}"; fi',
        f'chroot "$1" env HOME=/root GOBIN=/opt CGO_ENABLED=0 go install {FERRETDB}',
        f'cp "$1/opt/ferretdb" "{target}/"',
    ]


class DocumentDbService:
    def __init__(self, installation: Installation, folder: Path, ports: MongodbPorts, *, detached: bool) -> None:
        self._root = installation.root
        self._ferretdb = installation.ferretdb
        self._folder = folder
        self._ports = ports
        self._detached = detached
        self._inside: Path | None = None  # PostgreSQL's part of the data: it sees only its own file system
        self._running: list[Process] = []

    @property
    def processes(self) -> Sequence[Process]:
        return self._running

    @property
    def folders(self) -> Sequence[Path]:
        return [self._folder, self._inside] if self._inside else [self._folder]

    @property
    def data(self) -> Path:
        """PostgreSQL's folder, made and filled the first time."""
        if self._inside is None:
            home = self._root / "srv"
            inside = Path(tempfile.mkdtemp(prefix="waymark-", dir=home))
            self._enter("chown", "postgres:", self._seen(inside), user="root")
            self._enter(f"{PROGRAMS}/initdb", "-D", self._seen(inside / "data"), "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
            with (inside / "data" / "postgresql.conf").open("a") as settings:
                settings.write(postgresql_settings(self._ports.postgresql, self._seen(inside)))
            self._inside = inside
        return self._inside

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._running = [self._start_postgresql()]
        try:
            self._psql("create extension if not exists documentdb cascade")
            self._running.insert(0, self._start_ferretdb())
        except BaseException:
            self.kill()
            raise

    def _start_postgresql(self) -> Process:
        log = self._folder / "postgresql.log"
        command = self._command(f"{PROGRAMS}/postgres", "-D", self._seen(self.data / "data"))

        def attempt() -> Process | None:
            process = spawn("postgresql", command, log=log, detached=self._detached, stop_signal=signal.SIGINT)
            wait_until(lambda: self._accepts() or not process.alive(), seconds=PATIENCE)
            return process if process.alive() else None

        # After a kill the old server's children need a moment to notice; until then a new one refuses the data.
        process = attempt() or attempt() or attempt()
        if process is None or not self._accepts():
            raise Unavailable(f"PostgreSQL did not answer on {HOST}:{self._ports.postgresql}; the last lines of {log}:\n{last_lines(log)}")
        return process

    def _accepts(self) -> bool:
        try:
            self._psql("select 1")
        except Unavailable:
            return False
        return True

    def _start_ferretdb(self) -> Process:
        log = self._folder / "ferretdb.log"
        command = [
            self._ferretdb,
            f"--postgresql-url=postgres://postgres@{HOST}:{self._ports.postgresql}/postgres",
            f"--listen-addr={HOST}:{self._ports.mongodb}",
            "--debug-addr=-",
            "--telemetry=disable",
            "--auth=false",
            f"--state-dir={self._folder}",
            "--log-level=warn",
        ]
        process = spawn("ferretdb", command, log=log, detached=self._detached)
        wait_until(lambda: answers(self._ports.mongodb) or not process.alive(), seconds=PATIENCE)
        if not (process.alive() and answers(self._ports.mongodb)):
            process.kill()
            raise Unavailable(f"FerretDB did not answer on {HOST}:{self._ports.mongodb}; the last lines of {log}:\n{last_lines(log)}")
        return process

    def _psql(self, statement: str) -> None:
        address = ["-h", HOST, "-p", str(self._ports.postgresql), "-U", "postgres", "-d", "postgres"]
        self._enter(f"{PROGRAMS}/psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *address, "-c", statement)

    def _enter(self, *command: str, user: str = "postgres") -> None:
        run(f"PostgreSQL: {command[0]}", self._command(*command, user=user), quiet=True)

    def _command(self, *command: str, user: str = "postgres") -> list[str | Path]:
        clean = ["env", "-i", "PATH=/usr/bin:/bin", "LANG=C.UTF-8"]
        return ["chroot", f"--userspec={user}", self._root, *clean, *command]

    def _seen(self, path: Path) -> str:
        return f"/{path.relative_to(self._root)}"

    def stop(self) -> None:
        for process in self._running:
            process.stop()

    def kill(self) -> None:
        for process in self._running:
            process.kill()

    def remove(self) -> None:
        self.stop()
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)
