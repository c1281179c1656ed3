"""SSH connections with the real plugin's retries, error texts and missing time limits.

Only the TCP connect has a time limit: a port that accepts and sends nothing blocks the caller
until the engine cancels. Without `hostKey` no host key is checked; with it, the key must be the one
that Go's SSH client negotiates, which prefers ECDSA to RSA to Ed25519.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import paramiko

from rehearsal.plugins.base import Call, ProviderError
from rehearsal.plugins.command.auth import authenticate, load_key
from rehearsal.plugins.command.tcp import connect
from rehearsal.plugins.command.transport import Transport
from rehearsal.plugins.values import Values

FIRST_PAUSE, GROWTH, LONGEST_PAUSE = 0.1, 1.5, 5.0
POLL_SECONDS = 0.05


class DialError(Exception):
    """A failed attempt that is retried."""


@contextlib.contextmanager
def dial(call: Call, connection: Values) -> Iterator[Transport]:
    """An authenticated connection: `dialErrorLimit` + 1 attempts, with growing pauses."""
    with contextlib.closing(_dial(call, connection)) as transport:
        yield transport


def _dial(call: Call, connection: Values) -> Transport:
    key, limit = load_key(connection), connection["dialErrorLimit"]
    pause, tries = FIRST_PAUSE, 0
    while True:
        try:
            return _handshake(call, _tcp(connection), connection, key)
        except DialError as error:
            if tries >= limit:
                raise ProviderError(f"after {tries} failed attempts: {error}") from error
            tries += 1
            call.log("info", f"Dial {tries}/{limit} failed: retrying", ephemeral=True)
        if call.cancelled.wait(pause):
            raise ProviderError("context canceled")
        pause = min(pause * GROWTH, LONGEST_PAUSE)


def _tcp(connection: Values) -> Any:
    try:
        return connect(connection["host"], connection["port"], connection["perDialTimeout"])
    except OSError as error:
        raise DialError(str(error)) from error


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
    _kind, _, encoded = expected.strip().partition(" ")
    if not encoded:
        raise ProviderError("ssh: no key found")
    if transport.get_remote_server_key().get_base64() != encoded.split()[0]:
        raise paramiko.SSHException("ssh: host key mismatch")
