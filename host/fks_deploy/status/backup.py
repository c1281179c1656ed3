"""The newest dump of the API's database, and whether a restore has proved it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..watch.problem import Problem

DIRECTORY = "var/backups/fks/postgres"
# Seconds; the timer fks-backup dumps and restores once a day.
LATE_AFTER = 26 * 3600.0
# Of a dump without a result; the unit's time limit.
UNPROVED_AFTER = 4 * 3600.0
_LOG = "systemctl list-timers fks-backup; sudo journalctl -u fks-backup"


def newest(root: Path, now: float) -> dict[str, Any] | None:
    """{"file", "age" in seconds, "bytes", "proof": as compose/lib/backup/prove.sh writes it or
    None, "proved": age of the newest dump that a restore has proved, or None}; None without a
    dump, as on a server without the API."""
    dumps = sorted((file.stat().st_mtime, file) for file in (root / DIRECTORY).glob("*.dump"))
    if not dumps:
        return None
    time, file = dumps[-1]
    proved = [made for made, one in dumps if (_proof(one) or {}).get("verdict") == "ok"]
    return {
        "file": file.name,
        "age": round(now - time),
        "bytes": file.stat().st_size,
        "proof": _proof(file),
        "proved": round(now - proved[-1]) if proved else None,
    }


def _proof(dump: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads(dump.with_suffix(".proof.json").read_text()))
    except (FileNotFoundError, ValueError):
        return None


def late(found: dict[str, Any] | None) -> Iterator[Problem]:
    """From what `newest` returned: a new server has its first dump after its first night."""
    if found is None:
        return
    proof, proved = found["proof"], found["proved"]
    if proof and proof["verdict"] != "ok":
        yield Problem("backup", f"the backup {found['file']} is bad: {proof['text']}", _LOG)
    if proved is None and found["age"] > UNPROVED_AFTER:
        yield Problem("backup", "no backup is proved by a restore", _LOG)
    if proved is not None and proved > LATE_AFTER:
        text = f"the newest proved backup is {proved / 3600:.0f} h old, limit"
        yield Problem("backup", f"{text} {LATE_AFTER / 3600:.0f} h", _LOG)
