"""One command line for every service."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from gunicorn.workers.gthread import ThreadWorker

from tests.unit.repository.files import ROOT
from tests.unit.service.scales_service import create_app, create_workers
from waymark.service.gunicorn_conf import configuration
from waymark.service.main import Service, main
from waymark.service.settings import ServiceSettings

SCALES = Service(name="plans", settings=ServiceSettings, create_app=create_app, create_workers=create_workers)
PROGRAM = "import sys; from tests.unit.service.test_main import SCALES; from waymark.service.main import main; sys.exit(main(SCALES, sys.argv[1:]))"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.startswith("WAYMARK_")]:
        monkeypatch.delenv(name)


def test_the_document_needs_no_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(SCALES, ["openapi"]) == 0
    assert json.loads(capsys.readouterr().out)["info"]["title"] == "Scales"


@pytest.mark.parametrize("arguments", [[], ["dance"]])
def test_an_unknown_command_is_told_the_known_ones(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main(SCALES, arguments) == 2
    assert "api|worker|openapi" in capsys.readouterr().err


def test_missing_settings_stop_the_start_and_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(SCALES, ["api"]) == 2
    assert "WAYMARK_OIDC_ISSUER is missing" in capsys.readouterr().err


def test_a_server_runs_one_worker_with_threads_and_no_control_socket() -> None:
    said = configuration("127.0.0.1:8400", 12)
    assert issubclass(said["worker_class"], ThreadWorker)
    assert (said["workers"], said["control_socket_disable"], said["accesslog"]) == (1, True, None)
    assert said["preload_app"] is False


def free_port() -> int:
    """A port that is free with the admin ports above it."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return min(one.getsockname()[1], 65000)


@contextmanager
def running(command: str, folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {
        "WAYMARK_OIDC_ISSUER": "https://sign-in.waymark.example",
        "WAYMARK_OIDC_JWKS_URL": "http://127.0.0.1:9/jwks",
        "WAYMARK_DATA": str(folder),
        "WAYMARK_PORT": str(port),
    }
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status
    except urllib.error.HTTPError as problem:
        problem.close()
        return problem.code
    except OSError:
        return 0


def said_to(port: int, sent: bytes) -> tuple[int, dict[str, Any]]:
    """What is answered to these very bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.headers["Content-Type"] == "application/problem+json"
        return answer.status, json.loads(answer.read())


MALFORMED = {
    b"GARBAGE\r\n\r\n": (400, "request-malformed"),
    b"GET /Ana HTTP/9.9\r\n\r\n": (400, "request-malformed"),
    b"GET / HTTP/1.1\r\nAna Ruiz\r\n\r\n": (400, "request-malformed"),
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n": (400, "request-malformed"),
    b"GET /" + b"Ana" * 4000 + b" HTTP/1.1\r\n\r\n": (414, "address-too-long"),
    b"GET / HTTP/1.1\r\nX-Ana: " + b"a" * 20_000 + b"\r\n\r\n": (431, "headers-too-large"),
    b"POST /plans/v1/scales HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: ana\r\n\r\n": (501, "transfer-coding"),
}


def eventually(look: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if look():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.timeout(60)
@pytest.mark.parametrize("command, offset", [("api", 100), ("worker", 200)])
def test_a_process_becomes_ready_answers_and_ends_when_asked(tmp_path: Path, command: str, offset: int) -> None:
    port = free_port()
    with running(command, tmp_path, port) as process:
        assert eventually(lambda: status(f"http://127.0.0.1:{port + offset}/readyz") == 200)
        if command == "api":
            assert status(f"http://127.0.0.1:{port}/plans/v1/openapi.json") == 200
            assert status(f"http://127.0.0.1:{port}/plans/v1/scales") == 401
            for sent, (refused, code) in MALFORMED.items():
                answered, body = said_to(port, sent)
                assert (answered, body["status"], body["code"]) == (refused, refused, code), sent
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    lines = [json.loads(each) for each in out.splitlines()]
    assert lines[0]["event"] == "starting"
    assert "Ana" not in out
    assert all({"event", "level", "timestamp"} <= set(each) for each in lines)
