"""The newest dump of the API's database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..watch.problem import Problem

DIRECTORY = "var/backups/fks/postgres"
# Seconds; the timer fks-backup runs once a day.
LATE_AFTER = 2 * 86400.0


def newest(root: Path, now: float) -> dict[str, Any] | None:
    """{"file", "age" in seconds, "bytes"}; None without a dump, as on a server without the API."""
    dumps = [(file.stat(), file.name) for file in (root / DIRECTORY).glob("*.dump")]
    if not dumps:
        return None
    info, name = max(dumps, key=lambda dump: dump[0].st_mtime)
    return {"file": name, "age": round(now - info.st_mtime), "bytes": info.st_size}


def late(found: dict[str, Any] | None) -> Iterator[Problem]:
    """From what `newest` returned: a new server has its first dump after its first night."""
    if found and found["age"] > LATE_AFTER:
        text = f"the newest backup is {found['age'] / 3600:.0f} h old, limit"
        command = "systemctl list-timers fks-backup; sudo journalctl -u fks-backup"
        yield Problem("backup", f"{text} {LATE_AFTER / 3600:.0f} h", command)
