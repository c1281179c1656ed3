"""What the parts of a check for drift read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .. import containers, images, lock, release, rollback, tailnet
from ..compose import Compose
from ..containers import Container
from ..errors import DeployError
from ..paths import Paths
from ..shell import Shell

# Seconds, for one command
_TIMEOUT = 30.0


@dataclass(frozen=True)
class Context:
    """`deploy_key` is the public half of fks:deployKey, "" where it is not known."""

    paths: Paths
    shell: Shell
    deploy_key: str

    @property
    def root(self) -> Path:
        return self.paths.root

    @property
    def scripts(self) -> Path:
        """The directory of the host scripts in use; its name is their digest."""
        return (self.paths.host_bundles / "current").resolve()

    @cached_property
    def release(self) -> Path:
        """The directory of the release in service. Error: DeployError without one, and during a
        deploy, which changes it."""
        if runs := lock.holder(self.paths.lock):
            raise DeployError(f"a deploy by {runs['who']} runs since {runs['since']}")
        current = rollback.current(self.paths)
        if current is None:
            raise DeployError("nothing is deployed: run pulumi up")
        return current

    @cached_property
    def compose(self) -> Compose:
        """The release in service with the images it runs."""
        address = tailnet.read(self.shell).own.address
        loaded = release.load(self.release)
        return Compose(self.shell, self.paths, loaded, address, images.recorded(self.release))

    @cached_property
    def containers(self) -> list[Container]:
        """The containers of the project, without those of `docker compose run`."""
        found = containers.of_project(self.shell, self.compose.release.project)
        return [one for one in found if not one.one_off]

    def output(self, command: Sequence[str]) -> str:
        """The output of a command. Error: CommandFailedError."""
        return self.shell.run(command, timeout=_TIMEOUT)
