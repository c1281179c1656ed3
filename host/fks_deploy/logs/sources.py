"""What has a log on this server: containers of Compose, and systemd units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..paths import Paths
from ..shell import Shell
from .entry import Entry, of_container, of_journal

_FORMAT = (
    '{{.ID}} {{.State}} {{.Label "com.docker.compose.service"}} {{or (.Label "fks.rolling") "-"}}'
)
_TIMEOUT = 10.0
# Besides those of the host scripts.
_UNITS = ("docker", "ssh", "tailscaled")


class Source(Protocol):
    """A log that one command prints, between two times in seconds since 1970; until it is stopped
    if `until` is None."""

    @property
    def key(self) -> str: ...

    def command(self, since: float, until: float | None) -> list[str]: ...

    def parse(self, line: str) -> Entry | None: ...


@dataclass(frozen=True)
class Container:
    """The container `key` of a service; `group` is the service whose replica it is, or "-"."""

    key: str
    state: str
    service: str
    group: str

    def command(self, since: float, until: float | None) -> list[str]:
        end = ["--follow"] if until is None else ["--until", f"{until:.6f}"]
        return ["docker", "logs", "--timestamps", "--since", f"{since:.6f}", *end, self.key]

    def parse(self, line: str) -> Entry | None:
        return of_container(line, self.service)


@dataclass(frozen=True)
class Units:
    """The journal of several units."""

    names: tuple[str, ...]
    key: str = "journal"

    def command(self, since: float, until: float | None) -> list[str]:
        """`since` and `until` are exact to a second."""
        end = ["--follow", "--no-tail"] if until is None else [f"--until=@{int(until) + 1}"]
        units = [f"--unit={name}" for name in self.names]
        line = ["journalctl", "--no-pager", "--all", "--output=json", f"--since=@{int(since)}"]
        return [*line, *end, *units]

    def parse(self, line: str) -> Entry | None:
        return of_journal(line)


def containers(shell: Shell) -> list[Container]:
    """All containers of Compose, stopped ones too. Error: CommandFailedError."""
    label = "label=com.docker.compose.service"
    command = ["docker", "ps", "--all", "--no-trunc", "--filter", label, "--format", _FORMAT]
    lines = shell.run(command, timeout=_TIMEOUT).splitlines()
    return [Container(*line.split()) for line in lines]


def units(paths: Paths) -> list[str]:
    """The names of the units, without ".service"."""
    own = sorted(path.stem for path in paths.units.glob("fks-*.service"))
    return [*own, *_UNITS]


def names(found: Sequence[Container], units: Sequence[str]) -> list[str]:
    """What can be selected."""
    return [*sorted({one.service for one in found}), *(f"unit:{name}" for name in units)]
