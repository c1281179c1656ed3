"""The memory of every container on the servers while they are under load."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.table import Table

from rehearsal.world.scenario import Scenario

MIB = 1024**2
_UNITS = {"B": 1, "KiB": 1024, "MiB": MIB, "GiB": 1024**3}


@dataclass(frozen=True)
class Memory:
    """Memory in use and its limit, both in MiB."""

    used: float
    limit: float

    @classmethod
    def parse(cls, text: str) -> Memory:
        """Parse what `docker stats` prints, such as "12.5MiB / 64MiB"."""
        used, limit = (_mebibytes(part.strip()) for part in text.split("/"))
        return cls(used, limit)


def _mebibytes(text: str) -> float:
    unit = text.lstrip("0123456789.")
    return float(text.removesuffix(unit)) * _UNITS[unit] / MIB


@dataclass
class Peaks:
    """The highest sample of each container, by server and container."""

    rows: dict[tuple[str, str], Memory] = field(default_factory=dict)

    def add(self, samples: dict[tuple[str, str], Memory]) -> None:
        """Keep the higher of each container's old and new sample."""
        for key, memory in samples.items():
            known = self.rows.get(key)
            self.rows[key] = memory if known is None or memory.used > known.used else known

    def table(self) -> Table:
        """Return a table with a row for each container."""
        table = Table(title="Memory under this load", title_justify="left")
        for column in ("server", "container", "highest sample", "limit", "of it"):
            table.add_column(column)
        for (server, container), memory in sorted(self.rows.items()):
            used, limit = f"{memory.used:.0f} MiB", f"{memory.limit:.0f} MiB"
            table.add_row(server, container, used, limit, f"{memory.used / memory.limit:.0%}")
        return table


def sample(scenario: Scenario, servers: Iterable[str]) -> dict[tuple[str, str], Memory]:
    """Ask each server's Docker engine once; takes about two seconds per server."""
    stats = ["docker", "stats", "--no-stream", "--format", "{{json .}}"]
    rows = ((name, scenario.on_server(name, *stats)) for name in servers)
    return {
        (name, row["Name"]): Memory.parse(row["MemUsage"])
        for name, output in rows
        for row in map(json.loads, output.splitlines())
    }
