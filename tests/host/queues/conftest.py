"""A server with the API's containers."""

from pathlib import Path

import pytest

from tests.host.watch.server import WatchedServer


@pytest.fixture
def watched(tmp_path: Path) -> WatchedServer:
    return WatchedServer(tmp_path / "root")
