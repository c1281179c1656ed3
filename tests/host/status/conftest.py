"""A deployed server for the tests of its status."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.host.watch.server import WatchedServer


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WatchedServer:
    """A server without a release; memory, load and disk are low."""
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_blocks=100, f_bavail=60))
    server = WatchedServer(tmp_path / "root")
    meminfo = "MemTotal: 100 kB\nMemAvailable: 60 kB\nSwapTotal: 100 kB\nSwapFree: 90 kB\n"
    server.file("proc/meminfo", meminfo)
    server.file("proc/loadavg", "0.10 0.20 0.30 1/200 4242\n")
    server.file("etc/fks/role", "SERVER=api\nROLES=api\n")
    server.answer("timedatectl show", "yes\n")
    server.answer("systemctl show", "5000000\n")
    return server
