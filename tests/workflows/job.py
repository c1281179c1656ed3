"""Runs a step's own command line as a runner does, with stand-ins for what is around it."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fks_infra.paths import PROJECT_ROOT
from tests.workflows.workflow import workflow

# What GitHub sets for every step.
DEFAULTS = {
    "GITHUB_SERVER_URL": "https://github.example",
    "GITHUB_RUN_ID": "5",
}


@dataclass
class Runner:
    """A directory with `bin` on the PATH, the run's summary, and a step's outputs."""

    directory: Path
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.directory / "bin").mkdir()

    def program(self, name: str, script: str) -> None:
        path = self.directory / "bin" / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    @property
    def summary(self) -> str:
        path = self.directory / "summary"
        return path.read_text() if path.exists() else ""

    def run(
        self, file: str, job: str, step: str, **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a step with the variables that its `env` would have."""
        (command,) = [line for name, line in workflow(file).job(job).commands() if name == step]
        command = command.replace(".venv/bin/python", shlex.quote(sys.executable))
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", command],
            cwd=self.directory,
            env=self._environment(variables),
            capture_output=True,
            text=True,
            check=False,
        )

    def _environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        """Nothing of this machine but its PATH: no credential of a developer."""
        return {
            "PATH": f"{self.directory / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.directory),
            "PYTHONPATH": str(PROJECT_ROOT),
            "GITHUB_STEP_SUMMARY": str(self.directory / "summary"),
            "GITHUB_OUTPUT": str(self.directory / "output"),
            **DEFAULTS,
            **self.environ,
            **variables,
        }
