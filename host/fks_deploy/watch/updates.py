"""Which packages have newer versions, read again after each change: `fks status` must not wait."""

import json
from collections.abc import Iterator
from typing import Any

from .. import atomic_file, os_upgrade
from ..paths import Paths
from .context import Context
from .problem import Problem
from .utc import iso

# They change when packages, or the lists of what the sources have, are updated.
_CHANGED = ("var/lib/dpkg/status", "var/lib/apt/lists")


def record(context: Context) -> Iterator[Problem]:
    """Write the file if something has changed since; no problem: the nightly updates follow."""
    changed = [(context.root / name) for name in _CHANGED]
    times = [path.stat().st_mtime for path in changed if path.exists()]
    file = context.paths.updates
    if times and (not file.exists() or file.stat().st_mtime <= max(times)):
        found = os_upgrade.packages(context.shell)
        names = [one["package"] for one in found]
        document = {"packages": names, "engine": os_upgrade.engine(names), "time": iso(context.now)}
        atomic_file.write(file, json.dumps(document).encode())
    yield from ()


def read(paths: Paths) -> dict[str, Any] | None:
    """{"packages": [name], "engine": whether the Docker engine is among them, "time"}; None before
    the first run of the watch."""
    if not paths.updates.exists():
        return None
    return dict(json.loads(paths.updates.read_text()))
