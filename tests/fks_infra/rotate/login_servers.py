"""Three servers with real files authorized_keys, and a stack whose key opens them.

`kill_at` ends `fks` at a step: a change of a server or of the configuration, the update, a proof.
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fks_infra.cli import pulumi_run, rotate_deploy_key, up
from fks_infra.config import deploy_key_pair, stack_files, stored_secret
from fks_infra.operate import deployed_stack, reports
from fks_infra.operate.deployed_stack import DeployedStack
from fks_infra.operate.reports import Program, Reports
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.inventory import DeployedServer
from host.fks_deploy import deploy_keys
from host.fks_deploy.paths import Paths
from tests.fks_infra.cli.servers import NAMES

LOCK = {"who": "ann", "since": "2026-11-27T10:00:00Z", "reason": "a restore"}


class Killed(BaseException):
    """What SIGKILL leaves behind: the steps so far."""


@dataclass
class LoginServers:
    """`gone` do not answer from the first change on; `keep` still accept what was removed."""

    directory: Path
    config: dict[str, str] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    ups: list[Sequence[str]] = field(default_factory=list)
    proved: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in NAMES})
    kill_at: int = -1
    gone: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    locked: bool = False
    up_code: int = 0

    def paths(self, name: str) -> Paths:
        return Paths(self.directory / name)

    def keys(self, name: str) -> list[str]:
        """The fingerprints that open a server."""
        return [*deploy_keys.read(self.paths(name)).keys]

    def configured(self) -> str:
        """The fingerprint of the private key in the configuration."""
        file = self.directory / "configured"
        file.touch(0o600)
        file.write_text(self.config["deployKey"])
        return deploy_key_pair.fingerprint(file)

    def step(self, name: str) -> None:
        self.steps.append(name)
        # The rule that holds at each moment
        assert all(self.configured() in self.keys(server) for server in NAMES)
        if len(self.steps) == self.kill_at:
            raise Killed

    def read(
        self, _: str, servers: Sequence[DeployedServer], key: Path, program: Program
    ) -> Reports:
        return {one.name: self._answer(one, key, program) for one in servers}

    def _answer(self, server: DeployedServer, key: Path, program: Program) -> Any:
        words = shlex.split(program.command)
        changes = "deploy-keys" in program.command and "show" not in words
        if server.name in self.gone and changes:
            return Unreachable.of(server, "Connection timed out", "prod")
        if deploy_key_pair.fingerprint(key) not in self.keys(server.name):
            return Unreachable.of(server, "Permission denied (publickey).", "prod")
        if "stack-lock" in program.command:
            return {"lock": LOCK if self.locked else None}
        if "state" in words:
            return {"server": server.name, "stopped": {}, "release": "f" * 64}
        return self._deploy_keys(server.name, words[words.index("--who") - 1 :] if changes else [])

    def _deploy_keys(self, name: str, words: Sequence[str]) -> Mapping[str, Any]:
        paths = self.paths(name)
        before = deploy_keys.read(paths)
        match words:
            case ["add", _, who, "--key", key]:
                deploy_keys.add(paths, key, who)
            case ["only", _, who, "--key", key]:
                deploy_keys.keep_only(paths, key, who)
            case ["refused", _, who]:
                assert {*before.removed} <= self.proved[name]
                deploy_keys.forget_removed(paths, who)
        if words:
            self.step(f"{words[0]} {name}")
        found = deploy_keys.read(paths)
        return {"keys": found.keys, "removed": found.removed}

    def still_accepted(
        self, server: DeployedServer, right: Mapping[str, str], removed: Mapping[str, str]
    ) -> list[str]:
        assert [*right] == self.keys(server.name)
        self.proved[server.name] |= {*removed}
        self.step(f"prove {server.name}")
        return [*removed] if server.name in self.keep else []

    def pulumi(self, *arguments: str, stdin: str = "", **_: float) -> str:
        match arguments:
            case ["config", "set", "--secret", key, *_]:
                self.config[key.removeprefix("fks:")] = stdin
            case ["config", "set", key, *_, value]:
                self.config[key.removeprefix("fks:")] = value
            case ["config", "--json", *_]:
                return self._config_json()
            case _:
                return "{}"
        self.step(f"store {next(one for one in arguments if one.startswith('fks:'))}")
        return ""

    def _config_json(self) -> str:
        plain = {key: value for key, value in self.config.items() if key != "deployKey"}
        return json.dumps({f"fks:{key}": {"value": value} for key, value in plain.items()})

    def up(self, command: Sequence[str]) -> int:
        public = self.config["deployPublicKey"].split()[1]
        file = self.directory / "configured"
        self.configured()
        assert deploy_key_pair.public_of(file).split()[1] == public
        self.ups.append(command)
        self.step("up")
        return self.up_code


def create(directory: Path, monkeypatch: pytest.MonkeyPatch) -> LoginServers:
    """Deployed with one key."""
    found = LoginServers(directory=directory)
    pair = deploy_key_pair.new_pair("prod")
    found.config = {"deployKey": pair.private, "deployPublicKey": pair.public, "mode": "multi"}
    for name in NAMES:
        root = directory / name
        (root / "etc").mkdir(parents=True)
        (root / "etc/passwd").write_text(
            "root:x:0:0:root:/root:/bin/sh\ndeploy:x:7:7:x:/home/deploy:/bin/sh\n"
        )
        (root / "var/lib/fks").mkdir(parents=True)
        (root / "home/deploy/.ssh").mkdir(parents=True)
        (root / "home/deploy/.ssh/authorized_keys").write_text(pair.public + "\n")
    _install(found, monkeypatch)
    return found


def _install(found: LoginServers, monkeypatch: pytest.MonkeyPatch) -> None:
    servers = tuple(
        DeployedServer(name=name, roles=(name,), instance_id="7", address="100.64.0.2")
        for name in NAMES
    )

    def stack(_: str) -> DeployedStack:
        return DeployedStack(name="prod", servers=servers, deploy_key=found.config["deployKey"])

    monkeypatch.setattr(deployed_stack, "read", stack)
    monkeypatch.setattr(reports, "read", found.read)
    for module in (deploy_key_pair, stored_secret, stack_files, up):
        monkeypatch.setattr(module, "pulumi", found.pulumi)
    monkeypatch.setattr(pulumi_run, "run", found.up)
    monkeypatch.setattr(rotate_deploy_key, "still_accepted", found.still_accepted)
