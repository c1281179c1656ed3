"""Simulated events on a server: a peer's address changes, certbot renews a certificate."""

import socket
import subprocess
from typing import Any

import pytest

from tests.host.server import Server

# A host name that resolves without a DNS server.
PEER = "localhost"


def change_peer_address(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """From now on every name resolves to `address`."""

    def found(*_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def renew_certificate(server: Server) -> str:
    """Run certbot as its timer does; returns the new key and chain, as in the edge's file."""
    command = [*("certonly", "--config-dir", str(server.paths.letsencrypt), "--cert-name", "api")]
    command += ["--server", "https://acme.example.org/directory", "--domain", "api.example.org"]
    command += ["--dns-cloudflare-propagation-seconds", "30"]
    subprocess.run([server.bin / "certbot", *command], check=True, capture_output=True)
    live = server.paths.letsencrypt / "live/api"
    return (live / "privkey.pem").read_text() + (live / "fullchain.pem").read_text()


def reload_count(server: Server) -> int:
    """The number of reloads of the edge outside of deploys."""
    return sum(call[0] == "exec" for call in server.calls("exec", "reload"))
