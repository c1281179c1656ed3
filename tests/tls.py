"""A certificate authority for tests, and test servers with its certificates."""

import ssl
from http.server import HTTPServer
from pathlib import Path

import pytest

from rehearsal.world.authority import Authority


def certify(server: HTTPServer, directory: Path, *names: str) -> None:
    """Add TLS with a certificate for these names to a server that is not serving yet."""
    certificate, key = Authority(directory).issue("server", names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )


def trust(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust only the authority, in this process and in its children."""
    authority = Authority(directory)
    authority.ensure()
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
