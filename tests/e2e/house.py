"""A running platform to test: the real processes, started as a user starts them, spoken to over HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from waymark.tools.issuer import KeyFile, mint

BOOTSTRAP = "the-first-administrator"
STARTING = 90.0  # seconds


class House:
    """Where it answers, and whom to sign in as. `folder` holds its keys, its data where embedded, and its log."""

    def __init__(self, address: str, folder: Path, district: str, process: subprocess.Popen[bytes]) -> None:
        self.address, self.folder, self.district, self.process = address, folder, district, process

    def client(self, sub: str) -> Client:
        """A caller whose token names this sourcedId."""
        keys = KeyFile(self.folder / "issuer").keys()
        return Client(self, mint(sub, self.district, keys=keys, issuer=f"{self.address}/issuer"))


class Client:
    """Requests of one person. Reads after a write of this client wait for it, as the web application's do."""

    def __init__(self, house: House, token: str) -> None:
        self._house, self._session = house, requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        self.position = ""

    def get(self, path: str, **query: Any) -> requests.Response:
        return self._session.get(self._house.address + path, params=query, timeout=30)

    def one(self, path: str) -> Any:
        """One thing, read from its stream: always as it was last written."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def read(self, path: str, **query: Any) -> Any:
        """A list or a chart, which must hold this client's own last write."""
        answer = self.get(path, **(query | {"after": self.position} if self.position else query))
        assert answer.status_code == 200, answer.text
        assert answer.json().get("behind") is not True, answer.text
        return answer.json()

    def write(self, method: str, path: str, body: Any = None, etag: str | None = None, key: str | None = None) -> requests.Response:
        headers = {"Idempotency-Key": key or uuid.uuid4().hex} | ({"If-Match": etag} if etag else {})
        answer = self._session.request(method, self._house.address + path, json=body, headers=headers, timeout=30)
        self.position = answer.headers.get("Waymark-Position") or self.position
        return answer

    def do(self, method: str, path: str, body: Any = None, etag: str | None = None) -> Any:
        """The body of a write that must succeed."""
        answer = self.write(method, path, body, etag)
        assert answer.status_code in (200, 201, 202), answer.text
        return answer.json()

    def upload(self, path: str, package: bytes) -> requests.Response:
        headers = {"Content-Type": "application/zip", "Idempotency-Key": uuid.uuid4().hex}
        return self._session.post(self._house.address + path, data=package, headers=headers, timeout=120)

    def import_package(self, package: bytes) -> dict[str, Any]:
        """Upload, then follow the import to its end."""
        answer = self.upload("/roster/v1/imports", package)
        assert answer.status_code == 202, answer.text
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            state = self.one(f"/roster/v1/imports/{answer.json()['id']}")
            if state["status"] in ("completed", "refused", "held"):
                return state
            time.sleep(0.2)
        raise AssertionError("the import does not end")


def await_folded(client: Client) -> None:
    """Until every service's directory has stood still for two seconds: the ETag of its lists hashes how far it has come."""
    paths = ("/roster/v1/sections", "/plans/v1/templates", "/reporting/v1/bars")
    seen: tuple[str, ...] = ()
    since = time.monotonic()
    deadline = since + 120
    while time.monotonic() < deadline:
        answers = [client.get(path) for path in paths]
        tags = tuple(each.headers.get("ETag", "") for each in answers if each.status_code == 200)
        if tags != seen or len(tags) < len(paths):
            seen, since = tags, time.monotonic()
        elif time.monotonic() - since > 2:
            return
        time.sleep(0.2)
    raise AssertionError(f"the services' directories do not come to rest: {[each.text[:200] for each in answers]}")


@contextmanager
def standalone(folder: Path, port: int, district: str = "demo") -> Iterator[House]:
    """`python -m waymark.standalone run` over a fresh folder, without the demo."""
    command = [sys.executable, "-m", "waymark.standalone", "run", "--data", str(folder), "--port", str(port), "--no-demo"]
    with _running(command, folder, f"http://127.0.0.1:{port}", district) as house:
        yield house


@contextmanager
def distributed(folder: Path, port: int, engines: dict[str, str], district: str = "demo") -> Iterator[House]:
    """`python -m waymark.standalone.distributed`: every service its own processes, over Kafka and MongoDB."""
    command = [sys.executable, "-m", "waymark.standalone.distributed", "--data", str(folder), "--port", str(port), "--no-demo"]
    with _running(command, folder, f"http://127.0.0.1:{port}", district, engines) as house:
        yield house


@contextmanager
def _running(command: list[str], folder: Path, address: str, district: str, env: dict[str, str] | None = None) -> Iterator[House]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            command,
            env={**os.environ, **(env or {}), "WAYMARK_BOOTSTRAP_ADMINS": BOOTSTRAP, "PYTHONUNBUFFERED": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _await(process, address, folder / "log")
            yield House(address, folder, district, process)
        finally:
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _await(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + STARTING
    paths = [f"/{service}/v1/openapi.json" for service in ("roster", "plans", "reporting")]
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if all(requests.get(address + path, timeout=2).status_code == 200 for path in paths):
                return
        except requests.RequestException:
            pass
        time.sleep(0.2)
    raise AssertionError(f"the platform does not answer at {address}:\n{log.read_text()[-4000:]}")
