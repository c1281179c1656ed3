"""What `fks logs` reads on each server."""

from collections.abc import Sequence
from dataclasses import dataclass

from fks_infra.operate.places import service_name
from fks_infra.remote.host_scripts import host_program


@dataclass(frozen=True, kw_only=True)
class LogSelection:
    """`names` are services, units as `unit:NAME`, each perhaps after `SERVER/`; without one all
    services. `since` is in seconds before now, `pattern` a regular expression."""

    names: tuple[str, ...]
    since: float
    pattern: str
    follow: bool
    units: bool

    def on(self, server: str) -> list[str] | None:
        """The names for a server; None if all names are for other servers."""
        found = [name for name in self.names if "/" not in name or name.startswith(f"{server}/")]
        if self.names and not found:
            return None
        return [service_name(name.rpartition("/")[2]) for name in found]

    def command(self, server: str) -> str:
        """The command on a server, whose answer host/fks_deploy/logs/program.py describes."""
        words: Sequence[str] = (
            f"--since={self.since:.0f}",
            *([f"--grep={self.pattern}"] if self.pattern else []),
            *(["--follow"] if self.follow else []),
            *(["--units"] if self.units else []),
            "--",
            *(self.on(server) or []),
        )
        return host_program("logs", *words)
