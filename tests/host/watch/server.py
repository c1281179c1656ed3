"""A server for the tests of the watch: its files, its commands, its containers, its clock."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from host.fks_deploy.output import Output
from host.fks_deploy.paths import Paths
from host.fks_deploy.redact import Redactor
from host.fks_deploy.shell import CommandFailedError, Shell
from host.fks_deploy.stops import Stop
from host.fks_deploy.watch.context import Context
from host.fks_deploy.watch.settings import Settings
from host.fks_deploy.watch.state import State

NOON = 1_800_000_000.0
STOPPED = {"api": Stop("2026-11-27T10:00:00Z", "ann")}
SETTINGS = Settings(cpu=50, memory=80, project="fks", certificates=("web",), own=(), peers=())


@dataclass(frozen=True)
class Commands(Shell):
    """Answers commands by their first two words; a `None` fails."""

    answers: dict[str, str | None] = field(default_factory=dict)
    calls: list[list[str]] = field(default_factory=list)

    def run(
        self,
        command: Sequence[str],
        *,
        name: str = "",
        timeout: float,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> str:
        del name, timeout, stdin, env
        self.calls.append(list(command))
        answer = self.answers.get(" ".join(command[:2]), "")
        if answer is None:
            raise CommandFailedError(f"{command[0]} exited with 1: out of order")
        return answer


@dataclass
class WatchedServer:
    """One server below `root`."""

    root: Path
    state: State = field(default_factory=State)

    def __post_init__(self) -> None:
        self.paths = Paths(self.root)
        self.paths.watch.parent.mkdir(parents=True)
        self.shell = Commands(Output(self.root / "log", Redactor(())))

    def file(self, path: str, text: str) -> None:
        """Write a file below the root."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def context(self, now: float = NOON, settings: Settings = SETTINGS) -> Context:
        """What one run at this time reads."""
        return Context(self.paths, self.shell, settings, self.state, now)

    def answer(self, command: str, text: str | None) -> None:
        """Set the output of the commands that start with these two words; None: they fail."""
        self.shell.answers[command] = text

    def containers(self, *documents: dict[str, Any]) -> None:
        """The containers that the engine reports."""
        self.answer("docker ps", "".join(f"{one['Id']}\n" for one in documents))
        self.answer("docker inspect", json.dumps(documents))

    def restarted(self) -> list[str]:
        """The ids of the containers that were restarted."""
        return [call[2] for call in self.shell.calls if call[:2] == ["docker", "restart"]]


def container(
    service: str, status: str = "running", health: str = "healthy", code: int = 0
) -> dict[str, Any]:
    """A container as `docker inspect` shows it; its id is `id-of-<service>`."""
    labels = {"com.docker.compose.project": "fks", "com.docker.compose.service": service}
    return {
        "Id": f"id-of-{service}",
        "Name": f"/fks-{service}-1",
        "Config": {"Labels": labels},
        "HostConfig": {"RestartPolicy": {"Name": "unless-stopped"}},
        "State": {"Status": status, "ExitCode": code, "Health": {"Status": health}},
    }
