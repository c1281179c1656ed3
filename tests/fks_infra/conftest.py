"""A scripted HTTP server, an SSH server that only shows its host key, and a recording pulumi."""

import json
import logging
import socket
import stat
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import paramiko
import pytest

from fks_infra.steps.join import Patience
from tests.tls import certify, trust


@dataclass
class Request:
    """What was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Api:
    """Answers (method, path) with the next of its answers, the last one for ever.

    `location` is where its redirects lead.
    """

    base: str = ""
    port: int = 0
    answers: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    location: str = ""

    def say(self, method: str, path: str, *answers: tuple[int, Any]) -> None:
        """Set the answers; anything but text is sent as JSON."""
        self.answers[method, path] = [
            (status, body if isinstance(body, str) else json.dumps(body))
            for status, body in answers
        ]

    def next(self, method: str, path: str) -> tuple[int, str]:
        left = self.answers.get((method, path))
        if left is None:
            return 404, json.dumps({"message": "not found"})
        return left.pop(0) if len(left) > 1 else left[0]


@pytest.fixture
def api() -> Iterator[Api]:
    """Over plain HTTP."""
    with serving() as told:
        yield told


@pytest.fixture
def tls_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """Over TLS, as api.example, which is trusted."""
    trust(tmp_path, monkeypatch)
    with serving(lambda server: certify(server, tmp_path, "api.example")) as told:
        yield told


@contextmanager
def serving(prepare: Callable[[HTTPServer], None] = lambda _: None) -> Iterator[Api]:
    """Serve until the block ends."""
    told = Api()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            told.requests.append(Request(self.command, self.path, dict(self.headers), body))
            status, text = told.next(self.command, self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            if told.location:
                self.send_header("Location", told.location)
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 (the server's names)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the requests are kept."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    prepare(server)
    told.port = server.server_address[1]
    told.base = f"http://127.0.0.1:{told.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass(frozen=True)
class SshServer:
    """Where it listens, and its host key as a client writes it."""

    port: int
    host_key: str


@pytest.fixture
def ssh_server(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[SshServer]:
    # Whoever only looks at the banner or the key hangs up, which paramiko calls an error.
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
def patience() -> Patience:
    """Enough to find what is there."""
    return Patience(until=time.monotonic() + 30, pause=0.01)


@pytest.fixture
def impatience() -> Patience:
    """One look."""
    return Patience(until=time.monotonic(), pause=0.01)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that accepts and says nothing, as a host that is still booting."""
    listener = socket.create_server(("127.0.0.1", 0))
    yield listener.getsockname()[1]
    listener.close()


FAKE = """#!/bin/sh
printf '%s\\n' "$*" >> "{log}/calls"
case "$*" in
  *"config --json"*) cat "{log}/present" ;;
  *fks:deployKey*) cat > "{log}/fks:deployKey" ;;
  *fks:acmeDnsToken*) cat > "{log}/fks:acmeDnsToken" ;;
esac
"""


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with what pulumi was called with (`calls`) and given (by key)."""
    script = tmp_path / "bin" / "pulumi"
    script.parent.mkdir()
    script.write_text(FAKE.format(log=tmp_path))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "present").write_text("{}")
    monkeypatch.delenv("FKS_ACME_DNS_TOKEN", raising=False)
    monkeypatch.setenv("PATH", str(script.parent), prepend=":")
    return tmp_path
