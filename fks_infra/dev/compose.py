"""Docker Compose on this machine, for the development stack."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fks_infra.config.pulumi_cli import CommandError, run
from fks_infra.dev import place
from fks_infra.dev.host_scripts import Paths
from fks_infra.errors import OperatorError
from fks_infra.roles import STACKS
from fks_infra.roles.edge import EDGE

# Seconds for all containers to become healthy
HEALTHY = 420
_FILES = tuple(dict.fromkeys([*(one.name for one in STACKS if one.services), EDGE.name, "dev"]))


@dataclass(frozen=True, kw_only=True)
class Compose:
    """The project below `root`."""

    root: Path

    def command_line(self, *command: str) -> list[str]:
        """`docker compose` with the options of the project, then `command`."""
        release = place.release(self.root)
        files = [release / "compose" / name / "compose.yaml" for name in _FILES]
        sources = place.sources(self.root)
        files += [sources] if sources.exists() else []
        return [
            *(
                "docker",
                "compose",
                "--ansi",
                "never",
                "-p",
                place.PROJECT,
                "--project-directory",
                str(release),
            ),
            *("--env-file", str(release / "release.env")),
            *(word for file in files for word in ("-f", str(file))),
            *command,
        ]

    def environment(self) -> dict[str, str]:
        """This process's variables, and the paths of the mounted directories."""
        paths = Paths(self.root)
        own = {
            "FKS_SECRETS": paths.secrets,
            "FKS_LIB": paths.lib,
            "FKS_NGINX": paths.nginx,
            "FKS_WEB": paths.web,
            "FKS_DEEP": paths.deep,
            "FKS_MAINTENANCE": paths.maintenance,
            "FKS_TLS": paths.tls,
            "FKS_TRUST": place.trust(self.root),
        }
        return {**os.environ, **{name: str(path) for name, path in own.items()}}

    def up(self, restart: Sequence[str]) -> None:
        """Start all, with `restart` anew, and wait until they are healthy. OperatorError with the
        lines of what failed."""
        wait = ("--detach", "--wait", "--wait-timeout", str(HEALTHY))
        self._run("up", *wait, "--no-build", "--pull", "never", "--remove-orphans")
        if restart:
            self._run("restart", *restart)
            self._run("up", *wait, "--no-build", "--pull", "never")

    def reload(self) -> None:
        """Let the edge read its files again."""
        nginx = ("nginx", "-c", "/etc/fks/nginx/nginx.conf", "-s", "reload")
        self._run("exec", "-T", EDGE.services[0].name, *nginx)

    def down(self, *, volumes: bool) -> None:
        """Remove containers and networks, with `volumes` also the data."""
        self._run("down", "--remove-orphans", *(["--volumes"] if volumes else []))

    def logs(self, *options: str) -> Iterator[str]:
        """The lines of the logs."""
        command = self.command_line("logs", "--no-color", *options)
        with subprocess.Popen(
            command, env=self.environment(), stdout=subprocess.PIPE, text=True, errors="replace"
        ) as process:
            try:
                yield from process.stdout or ()
            finally:
                process.terminate()

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            self.command_line(*command),
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if line.strip()]
            raise OperatorError(
                f"docker compose {command[0]} failed:\n" + "\n".join(lines[-8:]) + "\n"
                "Next: fks logs --dev"
            )


def check() -> int:
    """The major version of the Docker engine. OperatorError, with the remedy, without an engine or
    its Compose plugin."""
    try:
        version = run(["docker", "version", "--format", "{{.Server.Version}}"])
    except CommandError as error:
        text = f"no Docker engine answers: {error.stderr.strip()}"
        raise OperatorError(f"{text}\nNext: start Docker, or set DOCKER_HOST") from None
    try:
        run(["docker", "compose", "version", "--short"])
    except CommandError:
        raise OperatorError(
            "docker compose is not there. Install Docker's Compose plugin; on Debian 13: "
            "apt-get install docker-compose"
        ) from None
    return int(version.partition(".")[0])
