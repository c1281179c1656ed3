"""Docker Compose for one release: which words, which variables, and reading its answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .paths import Paths
from .release import ENV_FILE, Release
from .shell import Shell

QUICK = 60.0


@dataclass(frozen=True)
class Service:
    """A service as Compose resolved it: its image and the files of its secrets."""

    name: str
    image: str
    secret_files: tuple[Path, ...]


@dataclass(frozen=True)
class Compose:
    """One release under Compose. `images` replaces names in release.env by what was pulled."""

    shell: Shell
    paths: Paths
    release: Release
    address: str
    images: Mapping[str, str]

    def words(self, *command: str) -> list[str]:
        """The whole command line."""
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
        """The variables beside release.env; they win over it."""
        env = self.release.env
        resolved = {name: self.images[value] for name, value in env.items() if value in self.images}
        return {
            "FKS_SECRETS": str(self.paths.secrets),
            "LISTEN_ADDRESS": self.address,
            "DOCKER_CONFIG": str(self.paths.docker_config),
            **resolved,
        }

    def check(self) -> None:
        """Is the file whole and every variable given? Error: CommandFailedError."""
        self._run("config", "--quiet", timeout=QUICK)

    def services(self) -> list[Service]:
        """The services that will run."""
        document = json.loads(self._run("config", "--format", "json", timeout=QUICK))
        files = {name: Path(entry["file"]) for name, entry in document.get("secrets", {}).items()}
        return [_service(name, entry, files) for name, entry in document["services"].items()]

    def pull(self, services: list[str], timeout: float) -> None:
        """Fetch the images of `services`."""
        self._run("pull", "--quiet", *services, timeout=timeout)

    def up(self, timeout: float) -> None:
        """Start what is new or changed and wait until all of it is healthy."""
        self._up("--remove-orphans", timeout=timeout)

    def recreate(self, services: list[str], timeout: float) -> None:
        """Replace the containers of `services` although their configuration is the same."""
        self._up("--no-deps", "--force-recreate", *services, timeout=timeout)

    def run_in(self, service: str, *command: str) -> str:
        """Run a command inside a running container."""
        words = self.words("exec", "-T", service, *command)
        name = f"{' '.join(command)} in {service}"
        return self.shell.run(words, name=name, timeout=QUICK, env=self.env())

    def _up(self, *options: str, timeout: float) -> None:
        wait = ("--detach", "--wait", "--wait-timeout", f"{timeout:.0f}")
        self._run("up", *wait, "--no-build", "--pull", "never", *options, timeout=timeout + QUICK)

    def _run(self, *command: str, timeout: float) -> str:
        name = f"docker compose {command[0]}"
        return self.shell.run(self.words(*command), name=name, timeout=timeout, env=self.env())


def _service(name: str, entry: dict[str, Any], files: Mapping[str, Path]) -> Service:
    used = [files[secret["source"]] for secret in entry.get("secrets", [])]
    return Service(name, entry["image"], tuple(used))
