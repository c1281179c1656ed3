"""A server for the tests of what runs on servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.server import Server, Service
from tests.tls import trust


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service on loopback with a certificate that is trusted."""
    authority = tmp_path / "authority"
    trust(authority, monkeypatch)
    with Service(authority, "api.example.org").serving() as service:
        yield service


@pytest.fixture
def server(tmp_path: Path, service: Service) -> Server:
    """A server that was bootstrapped and never deployed to."""
    return Server(tmp_path / "root", service)
