"""Calls over HTTP and HTTPS: requests, retries and trusted authorities."""

from __future__ import annotations

import datetime
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rehearsal.plugins.base import ProviderError
from rehearsal.plugins.bridge.web import Retry, Web


class Server(HTTPServer):
    """Answers with the given statuses, one after the other, and stores the requests."""

    def __init__(self, statuses: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.statuses, self.requests = statuses, list[dict[str, Any]]()

    def address(self, scheme: str) -> str:
        """Its base URL."""
        return f"{scheme}://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """Stores a request and answers it."""

    server: Server

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        self.server.requests.append(
            {"path": self.path, "body": body, "headers": dict(self.headers.items())}
        )
        self.send_response(self.server.statuses.pop(0))
        self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(b'{"fine": true}')

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""


def serving(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server over HTTP."""
    yield from serving(Server([429, 503, 200]))


def test_a_call_sends_json_query_and_headers(server: Server) -> None:
    server.statuses = [200]
    web = Web(base=server.address("http") + "/v1/", headers=lambda: {"Authorization": "Bearer t"})
    answer = web.call("POST", "/things", query={"page": "1"}, body={"a": 1}, headers={"X": "y"})
    assert answer.ok
    assert answer.json == {"fine": True}
    request = server.requests[0]
    assert (request["path"], json.loads(request["body"])) == ("/v1/things?page=1", {"a": 1})
    assert request["headers"]["Authorization"] == "Bearer t"
    assert request["headers"]["Content-Type"] == "application/json"
    assert request["headers"]["X"] == "y"


def test_a_call_is_retried_with_the_pause_of_retry_after(
    server: Server,
) -> None:
    pauses: list[tuple[int, float]] = []

    def pause(repetition: int, retry_after: float) -> float:
        pauses.append((repetition, retry_after))
        return 0.0

    web = Web(
        base=server.address("http"),
        headers=dict,
        retry=Retry(frozenset({429, 503}), 5, pause),
    )
    assert web.call("GET", "/").status == 200
    assert pauses == [(0, 7.0), (1, 7.0)]


def test_a_call_is_not_retried_after_the_last_repetition(server: Server) -> None:
    retry = Retry(frozenset({429, 503}), 1, lambda _count, _after: 0.0)
    web = Web(base=server.address("http"), headers=dict, retry=retry)
    assert web.call("GET", "/").phrase == "503 Service Unavailable"
    assert len(server.requests) == 2


def test_an_unreachable_server_is_named(server: Server) -> None:
    address = server.address("http")
    server.socket.close()
    with pytest.raises(ProviderError, match=rf'^Get "{address}/x": '):
        Web(base=address, headers=dict).call("GET", "/x")


def _certificate(directory: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "rehearsal")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = directory / "certificate.pem", directory / "key.pem"
    paths[0].write_bytes(built.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    """A server over HTTPS, and its authority."""
    certificate, key = _certificate(tmp_path)
    server = Server([200])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    for running in serving(server):
        yield running, certificate


def test_the_named_authority_is_trusted(
    secure: tuple[Server, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, authority = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    assert Web(base=server.address("https"), headers=dict).call("GET", "/").ok


def test_an_unknown_authority_is_not(
    secure: tuple[Server, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, _ = secure
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(ProviderError, match="CERTIFICATE_VERIFY_FAILED"):
        Web(base=server.address("https"), headers=dict).call("GET", "/")
