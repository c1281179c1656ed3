"""A server for the tests of what runs on servers."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.outside import PEER
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


@pytest.fixture
def serving(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server whose release is in service, and which has a peer."""
    document = json.loads(server.release({})["release.json"])
    document["peers"] = {"api": PEER}
    done = server.deploy(server.upload({"release.json": json.dumps(document)}))
    assert done.returncode == 0, done.stderr
    monkeypatch.setenv("PATH", f"{server.bin}:{os.environ['PATH']}")
    return server
