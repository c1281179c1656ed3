"""An authority of the tests, and servers with its certificates."""

import ssl
from http.server import HTTPServer
from pathlib import Path

import pytest

from rehearsal.world.authority import Authority


def certify(server: HTTPServer, directory: Path, *names: str) -> None:
    """Let a server that does not serve yet speak TLS under these names."""
    certificate, key = Authority(directory).issue("server", names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )


def trust(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the authority, and nobody else, in this process and in those it starts."""
    authority = Authority(directory)
    authority.ensure()
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
