"""The containers that dump a database and prove a dump (compose/lib/backup)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..compose import Compose
from ..errors import DeployError
from ..shell import Result
from .data_set import DataSet

# Seconds; BACKUP_TIMEOUT in the Compose files limits pg_dump itself.
TIMEOUT = 2 * 3600.0
_OK = "backup ok: "


def dump(compose: Compose, data: DataSet) -> tuple[str, Path]:
    """Make a dump; returns the line that says so, and the dump. Error: DeployError, after which all
    older dumps are there."""
    done = run(compose, data.dump, {})
    line = last(done.out)
    if not done.ok or not line.startswith(_OK):
        raise DeployError(f"{data.name}: {line or last(done.err)}. All older dumps are kept")
    return line, compose.paths.dumps / line.removeprefix(_OK).partition(",")[0]


def prove(compose: Compose, data: DataSet, directory: Path) -> dict[str, Any]:
    """Restore the newest dump of `directory` in a container of its own; returns what
    compose/lib/backup/prove.sh found. Error: DeployError when it could not look."""
    done = run(compose, data.proof, {"FKS_BACKUPS": str(directory)})
    found = next(directory.glob("*.proof.json"), None)
    if found is None:
        raise DeployError(f"{data.name}: the proof ended: {last(done.err) or last(done.out)}")
    return dict(json.loads(found.read_text()))


def run(compose: Compose, service: str, more: Mapping[str, str], *arguments: str) -> Result:
    """Run a job's container to its end, with `more` in Compose's environment."""
    job = ("--profile", "backup", "run", "--rm", "--no-deps", "-T", service, *arguments)
    line = compose.command_line(*job)
    env = {**compose.env(), **more}
    return compose.shell.attempt(line, name=service, timeout=TIMEOUT, env=env)


def last(text: str) -> str:
    """The last line that is not empty."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
