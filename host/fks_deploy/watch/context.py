"""What the checks of one run read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .. import containers
from ..containers import Container
from ..paths import Paths
from ..shell import Shell
from .settings import Settings
from .state import State


@dataclass(frozen=True)
class Context:
    """`now` is in seconds since 1970; `state` is that of the last run, which checks may update;
    `timeout` is in seconds, for one command."""

    paths: Paths
    shell: Shell
    settings: Settings
    state: State
    now: float
    timeout: float = 30.0

    @property
    def root(self) -> Path:
        return self.paths.root

    @property
    def in_container(self) -> bool:
        """Whether this server is a container, as in the rehearsal: clock, swap and load are then
        those of the machine."""
        return self.paths.container.exists()

    @cached_property
    def containers(self) -> list[Container]:
        """The containers of the services that are to run."""
        return [one for one in self._all_containers if not self.settings.is_stopped(one.service)]

    @cached_property
    def unexpected(self) -> list[Container]:
        """The containers that run although their stack is stopped."""
        found = (one for one in self._all_containers if self.settings.is_stopped(one.service))
        return [one for one in found if one.status == "running"]

    @cached_property
    def _all_containers(self) -> list[Container]:
        """Without those of `docker compose run`."""
        found = containers.of_project(self.shell, self.settings.project, self.timeout)
        return [one for one in found if not one.one_off]

    def output(self, command: Sequence[str]) -> str:
        """The output of a command. Error: CommandFailedError."""
        return self.shell.run(command, timeout=self.timeout)
