"""The snapshots of this server's data sets, with their certificates."""

import time
from typing import Any

from ..errors import DeployError
from ..output import now
from ..paths import Paths
from ..shell import Shell
from . import certificate, data_set, reach, repository

# For the answer of a repository.
_SECONDS = 60.0


def document(paths: Paths, shell: Shell, names: list[str]) -> dict[str, Any]:
    """{"time", "sets": {set: {"repository", "error": why it cannot be read, or "", "snapshots":
    [{"id", "time", "server", "bytes" of all files, "certificate": as `certificate.py` has it, or
    None}] oldest first, "log": as `reach.py` has it, or None}}}. Without an answer
    of the repository the certificates are shown alone."""
    sets = {one.name: _of(paths, shell, one.name) for one in data_set.chosen(paths, names)}
    return {"time": now(), "sets": sets}


def _of(paths: Paths, shell: Shell, name: str) -> dict[str, Any]:
    known = {one["snapshot"]: one for one in certificate.read(paths, name)}
    location, error = "", ""
    try:
        opened = repository.opened(paths, shell, name, _SECONDS)
        location = opened.restic.location
        found = [vars(one) | {"certificate": known.get(one.id)} for one in opened.snapshots()]
    except DeployError as problem:
        error = str(problem)
        found = [
            {"id": id_, "time": one["time"], "server": one["server"], "bytes": one["bytes"]}
            | {"certificate": one}
            for id_, one in known.items()
        ]
    return {"repository": location, "error": error, "snapshots": found, "log": _log(paths, name)}


def _log(paths: Paths, name: str) -> dict[str, Any] | None:
    """What a restore to a time can reach now; None for a data set without it."""
    found = reach.of_server(paths) if name == "api" else None
    return found.document(time.time()) if found else None
