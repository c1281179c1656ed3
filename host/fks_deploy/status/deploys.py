"""The release in service, a running deploy, and the last one that ended."""

import json
from typing import Any

from .. import lock, rollback
from ..paths import Paths
from ..watch.utc import iso


def release(paths: Paths) -> dict[str, str] | None:
    """{"digest", "since": the end of its last deploy}; None before the first deploy."""
    current = rollback.current(paths)
    if current is None:
        return None
    return {"digest": current.name, "since": iso(paths.current.lstat().st_mtime)}


def running(paths: Paths) -> dict[str, Any] | None:
    """Who has the lock of deploys: {"who", "since", "digest", "pid"}; None while nobody has it."""
    return lock.holder(paths.lock)


def last(paths: Paths) -> dict[str, Any] | None:
    """The last line of the journal without its steps: {"time", "who", "digest", "result", ...};
    None before the first deploy."""
    lines = paths.journal.read_text().splitlines() if paths.journal.exists() else []
    if not lines:
        return None
    entry = json.loads(lines[-1])
    return {key: entry.get(key) for key in ("time", "who", "digest", "result", "error")}
