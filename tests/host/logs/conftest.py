"""A server whose docker and journalctl print what the test wrote."""

import json
import os
from pathlib import Path

import pytest

from host.fks_deploy.paths import Paths

# `docker ps` prints the file `containers`, `docker logs` the file `log-ID`; with --follow also what
# is appended later. journalctl prints the file `journal`.
DOCKER = """#!/bin/sh
echo "$$ $*" >>{here}/calls
[ "$1" != ps ] || exec cat {here}/containers
for id; do :; done
case $* in *--follow*) exec tail -n +1 -f "{here}/log-$id" ;; esac
exec cat "{here}/log-$id"
"""
JOURNALCTL = """#!/bin/sh
echo "$$ journalctl $*" >>{here}/calls
case $* in *--follow*) exec tail -n +1 -f {here}/journal ;; esac
exec cat {here}/journal
"""


class LoggingServer:
    """Its files are below `root`."""

    def __init__(self, root: Path) -> None:
        self.root, self.paths = root, Paths(root)
        self.write("containers", "")
        self.write("journal", "")
        self.write("calls", "")

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def append(self, path: str, text: str) -> None:
        with (self.root / path).open("a") as stream:
            stream.write(text)

    def calls(self) -> list[str]:
        """The commands so far, each after its process id."""
        return (self.root / "calls").read_text().splitlines()

    def journal(self, seconds: float, unit: str, message: object) -> None:
        """Add an entry to the journal."""
        record = {
            "__REALTIME_TIMESTAMP": str(int(seconds * 1e6)),
            "_SYSTEMD_UNIT": f"{unit}.service",
            "MESSAGE": message,
        }
        self.append("journal", json.dumps(record) + "\n")


@pytest.fixture
def logging_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoggingServer:
    for name, text in (("docker", DOCKER), ("journalctl", JOURNALCTL)):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(text.format(here=tmp_path / "root"))
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    return LoggingServer(tmp_path / "root")
