"""What happened on this server: the lines of the journal, and the dumps that are kept."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from . import env_file, journal
from .output import now
from .paths import Paths
from .watch.utc import iso

_NOT_SHOWN = ("steps", "previous")


def document(paths: Paths, since: str) -> dict[str, Any]:
    """{"server", "time", "entries": [{"time", "kind", ...}] oldest first, "damaged": [number of a
    line of the journal]}. Times are in UTC as in ISO 8601; `since` is one, or "" for all.

    kind: deploy ({"who", "digest", "result", "seconds", "error", "rollback"}), restart and alert
    ({"who", "text"}), backup (a dump that is kept: {"file", "bytes"}; a snapshot: {"who", "set",
    "result", "text"}), lock, unlock and maintenance ({"who", "text"}), and any other that the
    journal has."""
    role = env_file.parse(paths.role.read_text()) if paths.role.exists() else {}
    entries, damaged = journal.read(paths.journal)
    found = [*entries, *_dumps(paths)]
    shown = [one for one in found if not since or _time(one) >= datetime.fromisoformat(since)]
    return {
        "server": role.get("SERVER", ""),
        "time": now(),
        "entries": [_without_steps(one) for one in sorted(shown, key=_time)],
        "damaged": damaged,
    }


def _dumps(paths: Paths) -> Iterator[dict[str, Any]]:
    for file in paths.dumps.glob("*.dump"):
        info = file.stat()
        time = iso(info.st_mtime)
        yield {"time": time, "kind": "backup", "file": file.name, "bytes": info.st_size}


def _time(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["time"])


def _without_steps(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in _NOT_SHOWN}
