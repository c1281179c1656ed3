"""Connections fail with Go's texts, and only the connect has a time limit."""

from __future__ import annotations

import socket

import pytest

from rehearsal.plugins.command.tcp import connect, endpoint


def test_a_closed_port_is_an_error() -> None:
    with pytest.raises(OSError, match=r"^dial tcp 127\.0\.0\.1:1: connect: connection refused$"):
        connect("127.0.0.1", 1, 5)


def test_the_error_of_an_unknown_name_has_the_resolver() -> None:
    expected = r"^dial tcp: lookup no-such-host\.invalid on \S+:53: no such host$"
    with pytest.raises(OSError, match=expected):
        connect("no-such-host.invalid", 22, 5)


def test_a_full_backlog_times_out() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        with pytest.raises(OSError, match=rf"^dial tcp 127\.0\.0\.1:{port}: i/o timeout$"):
            connect("127.0.0.1", port, 0.2)
        for one in waiting:
            one.close()


def test_a_connection_has_no_time_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = connect("127.0.0.1", listener.getsockname()[1], 1)
        with made:
            assert made.gettimeout() is None


def test_an_ipv6_address_has_brackets() -> None:
    assert endpoint("::1", 22) == "[::1]:22"
    assert endpoint("host", 22) == "host:22"
