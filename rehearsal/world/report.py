"""The report of a rehearsal: a table on the terminal, and ``.rehearsal/report.json``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.table import Table

from rehearsal.world.counters import Counters
from rehearsal.world.names import WORK
from rehearsal.world.progress import Step, console
from rehearsal.world.toolchain import Tool

PATH = WORK / "report.json"


@dataclass
class Check:
    """One entry of the report's checks."""

    name: str
    ok: bool
    detail: str


@dataclass
class Report:
    """All results of a rehearsal."""

    mode: str
    tools: tuple[Tool, ...] = ()
    steps: list[Step] = field(default_factory=list)
    servers: list[dict[str, Any]] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    counters: dict[str, Counters] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        steps = all(row.ok for row in self.steps)
        return steps and bool(self.checks) and all(row.ok for row in self.checks)

    def check(self, name: str, ok: bool, detail: str) -> None:
        """Add the result of a check and print it."""
        self.checks.append(Check(name, ok, detail))
        mark = "[green]ok[/green]" if ok else "[red]FAILED[/red]"
        console.print(f"  {mark} {name}: {detail}")

    def write(self, path: Path = PATH) -> None:
        """Write ``report.json``."""
        path.parent.mkdir(exist_ok=True)
        document = {
            "mode": self.mode,
            "ok": self.ok,
            "tools": [asdict(row) for row in self.tools],
            "steps": [
                {key: value for key, value in asdict(row).items() if key != "started"}
                for row in self.steps
            ],
            "servers": [
                {key: row[key] for key in ("name", "plan", "public_ip", "tailnet_ip", "urls")}
                for row in self.servers
            ],
            "checks": [asdict(row) for row in self.checks],
            "counters": {name: asdict(row) for name, row in self.counters.items()},
        }
        path.write_text(json.dumps(document, indent=2) + "\n")

    def show(self) -> None:
        """Print the tools, the table of servers and the summary."""
        for tool in self.tools:
            console.print(str(tool), markup=False)
        table = Table(title=f"Rehearsal, {self.mode} mode", title_justify="left")
        columns = ("server", "plan", "public", "tailnet", "urls", "health", "seconds", "$/month")
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in self.servers:
            table.add_row(
                row["name"],
                row["plan"],
                row["public_ip"],
                row["tailnet_ip"],
                "\n".join(row["urls"]),
                row["health"],
                row["seconds"],
                f"{row['monthly_cost']:.2f}",
            )
        total = sum(row["monthly_cost"] for row in self.servers)
        console.print(table)
        passed = sum(row.ok for row in self.checks)
        console.print(
            f"{passed} of {len(self.checks)} checks ok, ${total:.2f} a month, report: {PATH}"
        )
