"""Which engine, language host and provider plugins a run uses: real ones or stand-ins."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from rehearsal.plugins.install import stage
from rehearsal.world.names import ROOT, WORK, WORLD
from rehearsal.world.operator import Operator
from rehearsal.world.shell import run

# Real plugins of this machine, copied for the operator's image; worlds may be built in parallel.
STAGED_PLUGINS = WORK / "plugins" / WORLD
# Written when the operator's image is built.
INSTALLED = "/opt/fks/plugins.json"


@dataclass(frozen=True)
class Tool:
    """The engine, the language host or a plugin; ``kind`` is "real" or "stand-in"."""

    name: str
    version: str
    kind: str
    path: str
    note: str = ""

    def __str__(self) -> str:
        text = f"{self.name} {self.version}".strip()
        return f"{text}: {self.kind}" + (f" ({self.note})" if self.note else "")


def parse_installed(text: str) -> tuple[Tool, ...]:
    """Return the tools in the JSON output of rehearsal.plugins.install."""
    return tuple(
        Tool(row["provider"], row["version"], row["kind"], row["path"], row.get("note", ""))
        for row in json.loads(text)
    )


def engine_tool(path: str, version: str) -> Tool:
    """Return the engine, which is always real; ``version`` is the output of `pulumi version`."""
    return Tool("pulumi", version.strip().removeprefix("v"), "real", path)


def stage_plugins() -> Path:
    """Copy this machine's real plugins for the operator's image; return the directory."""
    stage(STAGED_PLUGINS)
    return STAGED_PLUGINS


def install_tools(home: Path, bin_directory: Path, engine: Path) -> tuple[Tool, ...]:
    """Install plugins into a PULUMI_HOME, engine and language host into a directory on PATH."""
    (bin_directory / "pulumi").symlink_to(engine)
    command = [sys.executable, "-m", "rehearsal.plugins.install", "--json"]
    command += ["--home", str(home), "--bin", str(bin_directory)]
    installed = parse_installed(run(command, cwd=ROOT))
    return (engine_tool(str(engine), run([str(engine), "version"])), *installed)


def operator_tools(operator: Operator) -> tuple[Tool, ...]:
    """Return the tools in the operator's container."""
    path = operator.output(["sh", "-c", "command -v pulumi"]).strip()
    engine = engine_tool(path, operator.output(["pulumi", "version"]))
    return (engine, *parse_installed(operator.output(["cat", INSTALLED])))
