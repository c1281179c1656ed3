"""A scripted HTTP server, an SSH server that only presents its host key, a recording pulumi."""

import asyncio
import json
import logging
import socket
import stat
import subprocess
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import paramiko
import pytest

from fks_infra.clouds.retry import RetryPolicy
from tests.background_server import running
from tests.tls import certify, trust

T = TypeVar("T")


@dataclass
class Request:
    """A received request."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class ScriptedApi:
    """Sends the responses of (method, path) one after the other, and the last one from then on.

    `location` is the target of its redirects.
    """

    base: str = ""
    port: int = 0
    responses: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    location: str = ""

    def respond(self, method: str, path: str, *responses: tuple[int, Any]) -> None:
        """Set the responses as (status, body); a body that is not text is sent as JSON."""
        self.responses[method, path] = [
            (status, body if isinstance(body, str) else json.dumps(body))
            for status, body in responses
        ]

    def next(self, method: str, path: str) -> tuple[int, str]:
        responses = self.responses.get((method, path))
        if responses is None:
            return 404, json.dumps({"message": "not found"})
        return responses.pop(0) if len(responses) > 1 else responses[0]


@pytest.fixture
def api() -> Iterator[ScriptedApi]:
    """Over plain HTTP."""
    with serving() as scripted:
        yield scripted


@pytest.fixture
def tls_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedApi]:
    """Over TLS as api.example, with a trusted certificate."""
    trust(tmp_path, monkeypatch)
    with serving(lambda server: certify(server, tmp_path, "api.example")) as scripted:
        yield scripted


@contextmanager
def serving(prepare: Callable[[HTTPServer], None] = lambda _: None) -> Iterator[ScriptedApi]:
    """Serve until the block ends."""
    scripted = ScriptedApi()

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            scripted.requests.append(Request(self.command, self.path, dict(self.headers), body))
            status, text = scripted.next(self.command, self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            if scripted.location:
                self.send_header("Location", scripted.location)
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_DELETE = respond  # noqa: N815 (the server's names)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: `requests` has them."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    prepare(server)
    scripted.port = server.server_address[1]
    scripted.base = f"http://127.0.0.1:{scripted.port}"
    with running(server):
        yield scripted


@dataclass(frozen=True)
class SshServer:
    """Its port, and its host key as a client writes it."""

    port: int
    host_key: str


@pytest.fixture
def ssh_server(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[SshServer]:
    # paramiko logs an error when a client disconnects after the banner or the key.
    caplog.set_level(logging.CRITICAL, "paramiko")
    path = tmp_path / "host_key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True
    )
    key = paramiko.Ed25519Key(filename=str(path))
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.daemon = True
            transport.add_server_key(key)
            try:
                transport.start_server(server=paramiko.ServerInterface())
            except (paramiko.SSHException, EOFError):
                transport.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield SshServer(listener.getsockname()[1], f"ssh-ed25519 {key.get_base64()}")
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


@pytest.fixture
def retries() -> RetryPolicy:
    """Enough attempts for a test."""
    return RetryPolicy(seconds=30.0, pause=0.01)


@pytest.fixture
def single_attempt() -> RetryPolicy:
    """No retry."""
    return RetryPolicy(seconds=0.0, pause=0.01)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that accepts and sends nothing, as a host that is still booting."""
    listener = socket.create_server(("127.0.0.1", 0))
    yield listener.getsockname()[1]
    listener.close()


def run_async(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine without replacing the thread's event loop, which Pulumi's tests need."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()


FAKE = """#!/bin/sh
printf '%s\\n' "$*" >> "{log}/calls"
case "$*" in
  *"config --json"*) cat "{log}/present" ;;
  *"stack export"*) cat "{log}/state" ;;
  *"stack ls"*) cat "{log}/stacks" ;;
  *fks:deployKey*) cat > "{log}/fks:deployKey" ;;
  *fks:acmeDnsToken*) cat > "{log}/fks:acmeDnsToken" ;;
esac
"""


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with pulumi's arguments (`calls`) and its standard input (a file by key)."""
    script = tmp_path / "bin" / "pulumi"
    script.parent.mkdir()
    script.write_text(FAKE.format(log=tmp_path))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "present").write_text("{}")
    (tmp_path / "state").write_text("{}")
    (tmp_path / "stacks").write_text("[]")
    monkeypatch.delenv("FKS_ACME_DNS_TOKEN", raising=False)
    monkeypatch.setenv("PATH", str(script.parent), prepend=":")
    return tmp_path
