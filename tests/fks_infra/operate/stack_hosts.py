"""Servers whose bin/stack answers as the test says."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fks_infra.operate.stack_host import Fleet, StackHost
from fks_infra.operate.streaming import Ended
from fks_infra.remote.inventory import DeployedServer

KEY = Path("key")
STOP = {"since": "2026-11-27T10:00:00Z", "who": "ann@laptop", "reason": "new disk"}
LISTED = {
    "containers": ["fks-edge-1"],
    "volumes": ["fks_auth-postgres-data"],
    "networks": [],
    "images": ["edge@sha256:1"],
    "releases": ["f" * 64],
    "dump": "",
}


def state(*roles: str, **changes: Any) -> dict[str, Any]:
    """What `bin/stack state` prints for a server with these roles, one container each."""
    found = [{"service": role, "state": "running", "health": "healthy"} for role in roles]
    document = {
        "server": roles[0],
        "roles": list(roles),
        "release": "f" * 64,
        "services": {role: [role] for role in roles},
        "stopped": {},
        "containers": found,
    }
    return {**document, **changes}


@dataclass(frozen=True, kw_only=True)
class ScriptedHost(StackHost):
    """`answers` is by the program's first argument: what it prints and how it ends."""

    answers: dict[str, tuple[str, Ended]]
    calls: list[tuple[str, ...]]

    def run(self, *words: str, report: Callable[[str], None], seconds: float) -> Ended:
        assert seconds > 0
        self.calls.append((self.name, *words))
        printed, ended = self.answers[words[0]]
        for line in printed.splitlines():
            report(line)
        return ended


@dataclass
class Servers:
    """The servers of a stack, all running; `calls` has what was run, in order."""

    calls: list[tuple[str, ...]] = field(default_factory=list)
    hosts: dict[str, ScriptedHost] = field(default_factory=dict)

    def add(self, name: str, *roles: str, key: Path | None = KEY) -> None:
        server = DeployedServer(
            name=name, roles=roles or (name,), instance_id="7", address="100.64.0.2"
        )
        answers = {
            "state": (json.dumps(state(*server.roles)), Ended(code=0)),
            "start": ("up ok", Ended(code=0)),
            "stop": ("stop ok", Ended(code=0)),
            "cleanup": ("dump ok", Ended(code=0)),
            "cleanup-list": (json.dumps(LISTED), Ended(code=0)),
        }
        self.hosts[name] = ScriptedHost(
            server=server, stack="prod" if key else "", key=key, answers=answers, calls=self.calls
        )

    def fleet(self, stack: str = "prod") -> Fleet:
        return Fleet(stack=stack, hosts=tuple(self.hosts.values()))

    def fails(self, name: str, word: str, code: int, error: str) -> None:
        self.hosts[name].answers[word] = ("", Ended(code=code, error=error))

    def reports(self, name: str, document: dict[str, Any]) -> None:
        self.hosts[name].answers["state"] = (json.dumps(document), Ended(code=0))

    def acted(self) -> list[tuple[str, ...]]:
        """The calls that change something."""
        return [call for call in self.calls if call[1] in ("start", "stop", "cleanup")]


def multi() -> Servers:
    servers = Servers()
    for name in ("auth", "api", "web"):
        servers.add(name)
    return servers


def single() -> Servers:
    servers = Servers()
    servers.add("single", "auth", "api", "web")
    return servers
