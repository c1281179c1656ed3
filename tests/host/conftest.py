"""A server for the tests of what runs on servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.server import Server, Service


@pytest.fixture
def service() -> Iterator[Service]:
    """An HTTP service on loopback."""
    with Service().serving() as service:
        yield service


@pytest.fixture
def server(tmp_path: Path, service: Service) -> Server:
    """A server that was bootstrapped and never deployed to."""
    return Server(tmp_path / "root", service)
