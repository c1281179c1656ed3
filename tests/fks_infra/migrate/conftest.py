"""Servers of both modes that record what is run on them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fks_infra.errors import OperatorError
from fks_infra.migrate import journal, steps
from fks_infra.migrate.pairs import Pair
from fks_infra.migrate.steps import Work
from fks_infra.remote.inventory import DeployedServer

FILE = {"bytes": 10, "sha256": "ab"}


@dataclass
class RecordedHost:
    """As `Host`; `restore` has the state by set, `roles` are those that a restore has created,
    `fails` is a program's first words that fail."""

    server: DeployedServer
    calls: list[str]
    restore: dict[str, str] = field(default_factory=dict)
    roles: list[str] = field(default_factory=list)
    fails: str = "nothing"

    @property
    def name(self) -> str:
        return self.server.name

    def run(self, program: str, *words: str, **_: float) -> str:
        text = " ".join((program, *words)).partition(" --who")[0]
        self.calls.append(f"{self.name}: {text}")
        if text.startswith(self.fails):
            raise OperatorError(f"{self.name}: it failed")
        if words[1:2] == ("prepare",):
            self.restore[words[0]] = "prepared"
        if text.endswith(" exchange"):
            self.restore[words[0]] = "exchanged"
        if text.endswith(" finish"):
            del self.restore[words[0]]
        return ""

    def document(self, program: str, *words: str, **_: float) -> dict[str, Any]:
        if words[0] == "dump":
            self.run(program, *words)
            return {"files": {f"{words[1]}.dump": FILE, f"{words[1]}.tables": FILE}}
        if program == "restore":
            state = self.restore.get(words[0])
            found = {"state": state, "roles": self.roles}
            return {"set": words[0], "restore": found if state else None}
        raise AssertionError(f"{program} {words}")


@dataclass
class RecordedDns:
    """As `Dns`; `fails` is whether the records cannot be changed."""

    calls: list[str]
    fails: bool = False

    def check(self, old: Mapping[str, str], new: Mapping[str, str]) -> None:
        assert set(old) == set(new)

    def switch(self, old: Mapping[str, str], new: Mapping[str, str]) -> None:
        self.check(old, new)
        self.calls.append("the records are changed")
        if self.fails:
            raise OperatorError("Cloudflare does not answer")


@dataclass
class Move:
    """`calls` are the programs that were run on servers, and the streams between them."""

    work: Work
    hosts: dict[str, RecordedHost]
    dns: RecordedDns
    calls: list[str]


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Move:
    """From one server to three."""
    calls: list[str] = []
    roles = {"single": ("auth", "api", "web"), "auth": ("auth",), "api": ("api",), "web": ("web",)}
    hosts = {name: RecordedHost(server(name, *own), calls) for name, own in roles.items()}

    def stream(source: Any, send: Any, target: Any, receive: Any) -> None:
        calls.append(f"{source.name} {send[1]} {send[2]} > {target.name} {receive[1]}")

    monkeypatch.setattr(steps, "stream", stream)
    found: Any = hosts
    dns: Any = RecordedDns(calls)
    work = Work(
        pairs=tuple(
            Pair(data_set=name, source=found["single"], target=found[name])
            for name in ("auth", "api")
        ),
        old=(found["single"],),
        new=(found["auth"], found["api"], found["web"]),
        dns=dns,
        who="me",
        report=lambda _: None,
    )
    return Move(work, hosts, dns, calls)


def server(name: str, *roles: str) -> DeployedServer:
    return DeployedServer(name=name, roles=roles, instance_id="1", address="100.64.0.1")


@pytest.fixture
def state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    """The file of the journal of the stack `prod`."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return lambda: journal.path("prod")
