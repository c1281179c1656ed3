"""The lock by which a person stops deploys, until it is removed; on all servers of a stack."""

import json
from dataclasses import asdict, dataclass

from . import atomic_file, journal
from .errors import StackLockedError
from .output import now
from .paths import Paths


@dataclass(frozen=True)
class StackLock:
    """Who set it, since when (UTC, as in ISO 8601), and why."""

    who: str
    since: str
    reason: str

    def __str__(self) -> str:
        return f"the stack is locked by {self.who} since {self.since}: {self.reason}"


def read(paths: Paths) -> StackLock | None:
    """The lock; None for none. A file that cannot be read locks as well."""
    if not paths.stack_lock.exists():
        return None
    try:
        return StackLock(**json.loads(paths.stack_lock.read_text()))
    except (ValueError, TypeError):
        return StackLock("?", "?", f"{paths.stack_lock} cannot be read")


def create(paths: Paths, who: str, reason: str) -> StackLock | None:
    """Set the lock; returns the one that is there already, which stays. Error: OSError."""
    if present := read(paths):
        return present
    lock = StackLock(who, now(), reason)
    atomic_file.write(paths.stack_lock, json.dumps(asdict(lock)).encode())
    journal.record(paths.journal, "lock", who, text=reason)
    return None


def remove(paths: Paths, who: str) -> StackLock | None:
    """Remove the lock; returns it, None for none. Error: OSError."""
    present = read(paths)
    if present:
        paths.stack_lock.unlink()
        journal.record(paths.journal, "unlock", who, text=f"removed: {present}")
    return present


def check(paths: Paths) -> None:
    """Error: StackLockedError while the stack is locked."""
    if present := read(paths):
        raise StackLockedError(f"{present}. Nothing was changed. fks unlock ends it.")
