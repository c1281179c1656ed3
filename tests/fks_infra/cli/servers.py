"""A stack of three servers whose programs print what a test sets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fks_infra.cli.app import app
from fks_infra.operate import deployed_stack, reports
from fks_infra.operate.deployed_stack import DeployedStack
from fks_infra.operate.reports import Program, Reports
from fks_infra.remote.inventory import DeployedServer

NAMES = ("auth", "api", "web")


@dataclass
class FakeServers:
    """`reports` by server; `commands` are those that were run, with the servers' names."""

    reports: Reports = field(default_factory=dict)
    commands: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def read(
        self, stack: str, servers: Sequence[DeployedServer], key: Path, program: Program
    ) -> Reports:
        assert (stack, key.read_text()) == ("prod", "canary-key\n")
        assert program.keys
        names = tuple(server.name for server in servers)
        self.commands.append((program.command, names))
        return {name: self.reports[name] for name in names}


def install(monkeypatch: pytest.MonkeyPatch) -> FakeServers:
    """Replace the stack and its servers."""
    servers = tuple(
        DeployedServer(name=name, roles=(name,), instance_id="7", address="100.64.0.2")
        for name in NAMES
    )
    stack = DeployedStack(name="prod", servers=servers, deploy_key="canary-key")
    fake = FakeServers()
    monkeypatch.setattr(deployed_stack, "read", lambda _: stack)
    monkeypatch.setattr(reports, "read", fake.read)
    return fake


def run(*command: str, text: str = "", columns: int = 60) -> Result:
    """Run `fks` in a terminal of this width, with `text` as what is typed."""
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(app, command, input=text)
