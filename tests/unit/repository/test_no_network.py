"""A fast test that reaches beyond this machine fails, whatever the network around it."""

import socket

import pytest


def test_a_fast_test_cannot_connect_to_another_machine() -> None:
    with socket.socket() as client, pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"):
        client.connect(("192.0.2.1", 9))


def test_a_fast_test_cannot_look_up_another_machine() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"waymark\.example"):
        socket.getaddrinfo("waymark.example", 80)


def test_a_fast_test_cannot_listen_for_other_machines() -> None:
    with socket.socket() as server, pytest.raises(pytest.fail.Exception, match=r"0\.0\.0\.0"):
        server.bind(("0.0.0.0", 0))


def test_a_fast_test_may_talk_to_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
