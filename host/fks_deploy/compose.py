"""Docker Compose for one release: command lines, variables and output."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import server_addresses, stops
from .paths import Paths
from .release import ENV_FILE, Release
from .shell import Shell

# Seconds, for commands that neither pull nor start anything.
COMMAND_TIMEOUT = 60.0
ROLLING_LABEL = "fks.rolling"
PASSWORD_LABEL = "fks.password"


@dataclass(frozen=True)
class Service:
    """A service as Compose resolved it: its image, the files of its secrets, its published ports,
    the group of replicas it is in, or "", the services that it depends on, and what kind of store
    changes its password while it runs, or ""."""

    name: str
    image: str
    secret_files: tuple[Path, ...]
    ports: tuple[int, ...] = ()
    group: str = ""
    needs: tuple[str, ...] = ()
    password: str = ""


@dataclass(frozen=True)
class Compose:
    """One release under Compose. `images` maps image names in release.env to resolved images;
    `overrides` has variables that replace those of release.env."""

    shell: Shell
    paths: Paths
    release: Release
    address: str
    images: Mapping[str, str]
    overrides: Mapping[str, str] = field(default_factory=dict)

    def command_line(self, *command: str) -> list[str]:
        """`docker compose` with the options of this release, then `command`."""
        directory = self.release.directory
        return [
            *("docker", "compose", "--ansi", "never", "--progress", "plain"),
            *("-p", self.release.project),
            *("--project-directory", str(directory / "compose")),
            *("--env-file", str(directory / ENV_FILE)),
            *("-f", str(directory / self.release.compose_file)),
            *command,
        ]

    def env(self) -> dict[str, str]:
        """The environment of the command; it overrides release.env."""
        env = self.release.env
        resolved = {name: self.images[value] for name, value in env.items() if value in self.images}
        return {
            "FKS_SECRETS": str(self.paths.secrets),
            "LISTEN_ADDRESS": self.address,
            "DOCKER_CONFIG": str(self.paths.docker_config),
            **server_addresses.recorded(self.paths),
            **resolved,
            **self.overrides,
        }

    def check(self) -> None:
        """Error: CommandFailedError for an invalid file or a missing variable."""
        self._run("config", "--quiet", timeout=COMMAND_TIMEOUT)

    def document(self) -> dict[str, Any]:
        """The files as Compose resolved them."""
        text = self._run("config", "--format", "json", timeout=COMMAND_TIMEOUT)
        return dict(json.loads(text))

    def services(self) -> list[Service]:
        """The services that are to run: not those of stopped stacks."""
        stopped = stops.load(self.paths)
        is_stopped = self.release.placement.is_stopped
        return [one for one in self.all_services() if not is_stopped(one.name, stopped)]

    def all_services(self) -> list[Service]:
        """All services of the release."""
        document = self.document()
        files = {name: Path(entry["file"]) for name, entry in document.get("secrets", {}).items()}
        return [_service(name, entry, files) for name, entry in document["services"].items()]

    def config_hashes(self) -> dict[str, str]:
        """Service -> the hash by which Compose sees that its configuration has changed."""
        lines = self._run("config", "--hash", "*", timeout=COMMAND_TIMEOUT).splitlines()
        return dict(line.split() for line in lines if line.strip())

    def pull(self, services: list[str], timeout: float) -> None:
        """Pull the images of `services`. Compose pulls all when none is named."""
        if services:
            self._run("pull", "--quiet", *services, timeout=timeout)

    def up(self, timeout: float) -> None:
        """Start new and changed containers and wait until all are healthy. Those of stopped stacks
        are left out; error: ValueError when nothing else is left, because Compose starts all."""
        chosen: list[str] = []
        if stops.load(self.paths):
            chosen = [one.name for one in self.services()]
            if not chosen:
                raise ValueError("all stacks are stopped")
        self._up("--remove-orphans", *chosen, timeout=timeout)

    def start_only(self, services: list[str], timeout: float) -> None:
        """`up` for `services` alone."""
        self._up(*services, timeout=timeout)

    def recreate(self, services: list[str], timeout: float) -> None:
        """Replace the containers of `services` although their configuration has not changed."""
        self._up("--force-recreate", *services, timeout=timeout)

    def stop(self, services: list[str], timeout: float, grace: int | None = None) -> None:
        """Stop services, each before those that it depends on, and wait for each `grace` seconds,
        as long as its stop_grace_period without."""
        options = () if grace is None else ("--timeout", str(grace))
        self._run("stop", *options, *services, timeout=timeout)

    def remove(self, services: list[str], timeout: float) -> None:
        """Stop services as `stop` does, and remove their containers; volumes stay."""
        self._run("rm", "--stop", "--force", *services, timeout=timeout)

    def kill(self, services: list[str]) -> None:
        """End services at once, by SIGKILL."""
        self._run("kill", *services, timeout=COMMAND_TIMEOUT)

    def execute(self, service: str, *command: str) -> str:
        """Run a command in a running container; returns its output. Error: CommandFailedError."""
        line = self.command_line("exec", "-T", service, *command)
        name = f"{' '.join(command)} in {service}"
        return self.shell.run(line, name=name, timeout=COMMAND_TIMEOUT, env=self.env())

    def _up(self, *options: str, timeout: float) -> None:
        """Never with --no-deps: it leaves dependencies out of the configuration's hash, so that the
        next `up` without it would replace the containers again."""
        wait = ("--detach", "--wait", "--wait-timeout", f"{timeout:.0f}")
        pull = ("--no-build", "--pull", "never")
        self._run("up", *wait, *pull, *options, timeout=timeout + COMMAND_TIMEOUT)

    def _run(self, *command: str, timeout: float) -> str:
        name = f"docker compose {command[0]}"
        line = self.command_line(*command)
        return self.shell.run(line, name=name, timeout=timeout, env=self.env())


def _service(name: str, entry: dict[str, Any], files: Mapping[str, Path]) -> Service:
    used = [files[secret["source"]] for secret in entry.get("secrets", [])]
    ports = tuple(int(port["published"]) for port in entry.get("ports", []))
    labels = entry.get("labels", {})
    group, password = labels.get(ROLLING_LABEL, ""), labels.get(PASSWORD_LABEL, "")
    needs = tuple(entry.get("depends_on", {}))
    return Service(name, entry["image"], tuple(used), ports, group, needs, password)
