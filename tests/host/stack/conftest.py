"""A deployed server, and bin/stack on it with the stand-in docker."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.host.server import REPOSITORY, Server

_CODE = """
import sys
from fks_deploy import probe
from fks_deploy.stack.app import main
probe.EDGE_PORT = int(sys.argv.pop(1))
sys.exit(main())
"""


@dataclass
class Stack:
    """Runs the program's modules; bin/stack itself needs root."""

    server: Server

    def run(self, command: str, *options: str) -> "subprocess.CompletedProcess[str]":
        port = str(self.server.service.port)
        known = (f"--root={self.server.root}", "--lock-wait=0", "--probe-wait=0")
        return subprocess.run(
            [sys.executable, "-c", _CODE, port, command, *known, *options],
            env={
                "PATH": f"{self.server.bin}:{os.environ['PATH']}",
                "PYTHONPATH": str(REPOSITORY / "host"),
                "SUDO_USER": "deploy",
                "SSL_CERT_FILE": os.environ.get("SSL_CERT_FILE", ""),
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def succeeds(self, command: str, *options: str) -> str:
        """The output of a run that ends with 0."""
        done = self.run(command, *options)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def states(self) -> dict[str, str]:
        """The state of each container."""
        return {name: one["status"] for name, one in self.server.state["containers"].items()}

    def deploys(self) -> str:
        """What a deploy of the release in service prints."""
        done = self.server.deploy(self.server.paths.current.resolve().name)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def with_roles(self, **services: list[str]) -> None:
        """Make the release in service that of a server with these roles and their services."""
        file = self.server.paths.current / "release.json"
        domains = {role: f"{role}.example.org" for role in services}
        changed = {"roles": list(services), "services": services, "domains": domains}
        file.write_text(json.dumps({**json.loads(file.read_text()), **changed}))


@pytest.fixture
def stack(deployed: Server) -> Stack:
    return Stack(deployed)
