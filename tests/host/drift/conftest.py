"""Servers for the tests of drift."""

from pathlib import Path

import pytest

from host.fks_deploy.drift.context import Context
from host.fks_deploy.paths import Paths
from host.fks_deploy.shell import Shell
from tests.host.server import Server
from tests.host.watch.server import WatchedServer

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBZCqOgItOxcVYBoUXyuPohRmaawchmpzzhKqnSnB+j5 fks-prod"


@pytest.fixture
def plain(tmp_path: Path) -> WatchedServer:
    """A server without a release, whose commands have the answers of the test."""
    server = WatchedServer(tmp_path / "root")
    server.file("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n")
    server.file("etc/group", "root:x:0:\n")
    return server


def context_of(server: WatchedServer, key: str = KEY) -> Context:
    return Context(server.paths, server.shell, key)


@pytest.fixture
def context(deployed: Server) -> Context:
    """Of a server with a release in service, beside the stand-in docker."""
    return fresh(deployed.paths)


def fresh(paths: Paths) -> Context:
    """A context that has read nothing yet."""
    return Context(paths, Shell.without_log(), KEY)
