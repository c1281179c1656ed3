"""What happens to a server from outside: a peer moves, a certificate is renewed, nginx is told."""

import socket
import subprocess
from typing import Any

import pytest

from tests.host.server import Server

# A peer for whose address the DNS is not asked.
PEER = "localhost"


def move(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Let the peer be found at an address from now on."""

    def found(*_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def certbot_renews(server: Server) -> str:
    """As its timer would; returns what the edge is to read now."""
    words = [*("certonly", "--config-dir", str(server.paths.letsencrypt), "--cert-name", "api")]
    words += ["--server", "https://acme.example.org/directory", "--domain", "api.example.org"]
    words += ["--dns-cloudflare-propagation-seconds", "30"]
    subprocess.run([server.bin / "certbot", *words], check=True, capture_output=True)
    live = server.paths.letsencrypt / "live/api"
    return (live / "privkey.pem").read_text() + (live / "fullchain.pem").read_text()


def reloads(server: Server) -> int:
    """How often the edge was told to read again, outside of deploys."""
    return sum(call[0] == "exec" for call in server.calls("exec", "reload"))
