"""A webhook on loopback that records what it gets."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.background_server import running
from tests.tls import certify


@dataclass
class Receiver:
    """`url` is its address; each answer has `status` and `headers`."""

    port: int = 0
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}/hooks/canary-token?wait=true"

    def take(self, request: BaseHTTPRequestHandler) -> None:
        """Record a request and answer it."""
        body = request.rfile.read(int(request.headers["Content-Length"]))
        self.paths.append(request.path)
        self.messages.append(json.loads(body))
        request.send_response(self.status)
        for name, value in self.headers.items():
            request.send_header(name, value)
        request.end_headers()


@contextmanager
def serving(authority: Path) -> Iterator[Receiver]:
    """A receiver with a certificate of this authority for `localhost`."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.take(self)

        def log_message(self, format: str, *args: Any) -> None:
            """No log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    certify(server, authority, "localhost")
    receiver.port = server.server_port
    with running(server):
        yield receiver
