"""The release in service, a running deploy, the last one that ended, and stopped stacks."""

from dataclasses import asdict
from typing import Any

from .. import journal, lock, rollback, stops
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
    """The journal's last deploy without its steps: {"time", "who", "digest", "result", ...}; None
    before the first. Error: ValueError for a journal without a line that can be read."""
    entries, damaged = journal.read(paths.journal)
    if damaged and not entries:
        raise ValueError(f"{paths.journal} is damaged")
    found = next((one for one in reversed(entries) if one["kind"] == journal.DEPLOY), None)
    if found is None:
        return None
    return {key: found.get(key) for key in ("time", "who", "digest", "result", "error")}


def stopped(paths: Paths) -> dict[str, dict[str, Any]]:
    """By role: {"since", "who", "reason"}; those of stacks that run are not in it."""
    return {role: asdict(stop) for role, stop in stops.load(paths).items()}
