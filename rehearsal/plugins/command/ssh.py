"""SSH connections as the real plugin dials them: its retries, its texts, its missing time limits.

Only the TCP connect is bounded: a port that accepts and stays silent holds the caller until the
engine cancels. A host key is only checked if one is given; then it must be the one that Go's SSH
negotiates, which prefers ECDSA to RSA to Ed25519 whatever kind is expected.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import paramiko

from rehearsal.plugins.base import Call, ProviderError
from rehearsal.plugins.command.auth import authenticate, load_key
from rehearsal.plugins.command.tcp import connect
from rehearsal.plugins.command.transport import Transport
from rehearsal.plugins.values import Values

T = TypeVar("T")
FIRST_PAUSE, GROWTH, LONGEST_PAUSE = 0.1, 1.5, 5.0
UNLIMITED = -1
POLL_SECONDS = 0.05


class DialError(Exception):
    """One attempt that failed, and is worth another."""


@contextlib.contextmanager
def dial(call: Call, connection: Values) -> Iterator[Transport]:
    """An authenticated connection, through the proxy if there is one."""
    with contextlib.ExitStack() as stack:
        yield stack.enter_context(contextlib.closing(_dial(call, connection, stack)))


def _dial(call: Call, connection: Values, stack: contextlib.ExitStack) -> Transport:
    key = load_key(connection)
    limit = connection["dialErrorLimit"]
    proxy = connection.get("proxy")
    if proxy is None:
        return _retry(
            call, "Dial", limit, lambda: _handshake(call, _tcp(connection), connection, key)
        )
    try:
        proxy_key = load_key(proxy)
        bastion = _retry(
            call,
            "Dial proxy",
            proxy["dialErrorLimit"],
            lambda: _handshake(call, _tcp(proxy), proxy, proxy_key),
        )
        stack.callback(bastion.close)
        pipe = _retry(call, "Dial from proxy", limit, lambda: _forward(bastion, connection))
        return _retry(call, "Dial", limit, lambda: _handshake(call, pipe, connection, key))
    except ProviderError as error:
        raise ProviderError(f"proxy: {error}") from error


def _tcp(connection: Values) -> Any:
    try:
        return connect(connection["host"], connection["port"], connection["perDialTimeout"])
    except OSError as error:
        raise DialError(str(error)) from error


def _forward(bastion: Transport, connection: Values) -> Any:
    target = (connection["host"], connection["port"])
    try:
        return bastion.open_channel("direct-tcpip", target, ("0.0.0.0", 0))
    except paramiko.ChannelException as error:
        raise DialError(f"ssh: rejected: connect failed ({error.text})") from error


def _retry(call: Call, what: str, limit: int, attempt: Callable[[], T]) -> T:
    """Attempt until it works: `limit` + 1 times, with growing pauses, or for ever."""
    pause, tries = FIRST_PAUSE, 0
    while True:
        try:
            return attempt()
        except DialError as error:
            if tries >= limit > UNLIMITED:
                raise ProviderError(f"after {tries} failed attempts: {error}") from error
            tries += 1
            shown = "inf" if limit == UNLIMITED else limit
            call.log("info", f"{what} {tries}/{shown} failed: retrying", ephemeral=True)
        if call.cancelled.wait(pause):
            raise ProviderError("context canceled")
        pause = min(pause * GROWTH, LONGEST_PAUSE)


def _handshake(call: Call, pipe: Any, connection: Values, key: paramiko.PKey | None) -> Transport:
    transport = Transport(pipe)
    try:
        _negotiate(call, transport)
        _check_host_key(transport, connection.get("hostKey"))
        authenticate(transport, connection, key)
    except (paramiko.SSHException, OSError, EOFError) as error:
        transport.close()
        raise DialError(f"ssh: handshake failed: {error or 'EOF'}") from error
    except BaseException:
        transport.close()
        raise
    return transport


def _negotiate(call: Call, transport: Transport) -> None:
    done = threading.Event()
    transport.start_client(event=done)
    while not done.wait(POLL_SECONDS):
        if call.cancelled.is_set():
            raise ProviderError("context canceled")
    if not transport.is_active():
        raise transport.get_exception() or EOFError()


def _check_host_key(transport: Transport, expected: str | None) -> None:
    if expected is None:
        return
    words = expected.split()
    if len(words) < 2:
        raise ProviderError("ssh: no key found")
    if transport.get_remote_server_key().get_base64() != words[1]:
        raise paramiko.SSHException("ssh: host key mismatch")
