"""Servers for the tests of host/."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.certificate_server import CertificateServer
from tests.host.server import Server, Service
from tests.host.watch.server import WatchedServer
from tests.tls import trust


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service on loopback with a trusted certificate."""
    authority = tmp_path / "authority"
    trust(authority, monkeypatch)
    with Service(authority, "api.example.org").serving() as service:
        yield service


@pytest.fixture
def server(tmp_path: Path, service: Service) -> Server:
    """A bootstrapped server before its first deploy."""
    return Server(tmp_path / "root", service)


@pytest.fixture
def deployed(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server with a release in service."""
    done = server.deploy(server.upload())
    assert done.returncode == 0, done.stderr
    monkeypatch.setenv("PATH", f"{server.bin}:{os.environ['PATH']}")
    return server


@pytest.fixture
def certificate_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CertificateServer:
    """A server without certificates."""
    return CertificateServer(tmp_path, monkeypatch)


@pytest.fixture
def watched(tmp_path: Path) -> WatchedServer:
    """A server with the API's containers, whose commands are answered by the test."""
    return WatchedServer(tmp_path / "root")
