"""The newest dump of each data set, and whether a restore has proved it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import clock
from ..backup import data_set, reach, settings
from ..errors import DeployError
from ..paths import Paths
from ..watch.context import Context
from ..watch.problem import Problem

# Seconds; the timer fks-backup dumps and restores once a day.
LATE_AFTER = 26 * 3600.0
# Of a dump without a result; the unit's time limit.
UNPROVED_AFTER = 4 * 3600.0
_LOG = "systemctl list-timers fks-backup; sudo journalctl -u fks-backup"
_WAL = "sudo docker logs --tail 100 fks-api-wal-1; fks backup api"


def newest(paths: Paths, now: float) -> dict[str, Any] | None:
    """{"repository": where it is, or "" for not known, "off_server": whether it survives the loss
    of this server's disk, "sets": {set: {"file", "age" in seconds, "bytes", "proof": its
    certificate (backup/certificate.py) or None, "proved": age of the newest dump that a restore has
    proved and that is not from the future, or None}}, without a set that has no dump, "log": as
    backup/reach.py of a server that keeps the API's write-ahead log, or None}; None for a server
    without data."""
    sets = data_set.of_server(paths)
    if not sets:
        return None
    repository = _repository(paths)
    found = {one.name: _newest(data_set.dumps(paths, one), now) for one in sets}
    return {
        "repository": repository,
        "off_server": ":" in repository,
        "sets": {name: one for name, one in found.items() if one},
        "log": _write_ahead_log(paths, now) if "api" in found else None,
    }


def _write_ahead_log(paths: Paths, now: float) -> dict[str, Any] | None:
    found = reach.of_server(paths)
    return found.document(now) if found else None


def _repository(paths: Paths) -> str:
    try:
        return settings.load(paths).repository
    except DeployError:
        return ""


def _newest(files: list[Path], now: float) -> dict[str, Any] | None:
    dumps = sorted((file.stat().st_mtime, file) for file in files)
    if not dumps:
        return None
    time, file = dumps[-1]
    known = ((made, one) for made, one in dumps if made <= now + clock.AHEAD)
    proved = [made for made, one in known if (proof(one) or {}).get("verdict") == "ok"]
    return {
        "file": file.name,
        "age": round(now - time),
        "bytes": file.stat().st_size,
        "proof": proof(file),
        "proved": round(now - proved[-1]) if proved else None,
    }


def proof(dump: Path) -> dict[str, Any] | None:
    """The result of the dump's restore; None without one."""
    try:
        return dict(json.loads(dump.with_suffix(".proof.json").read_text()))
    except (FileNotFoundError, ValueError):
        return None


def problems(context: Context) -> Iterator[Problem]:
    """Backups that are late or bad, without those of stopped stacks. A new server has its first
    dump after its first night."""
    found = newest(context.paths, context.now) or {"sets": {}, "log": None}
    for name, one in found["sets"].items():
        if name not in context.settings.stopped:
            yield from (Problem(f"backup {name}", text, _LOG) for text in _problems(name, one))
    log = found["log"]
    if log and log["problem"] and "api" not in context.settings.stopped:
        yield Problem("backup log", log["problem"], _WAL)


def _problems(name: str, found: dict[str, Any]) -> Iterator[str]:
    result, proved = found["proof"], found["proved"]
    if result and result["verdict"] != "ok":
        yield f"the backup {found['file']} is bad: {result['text']}"
    future = found["age"] < -clock.AHEAD
    if future:
        text = f"the backup {found['file']} is {-found['age'] / 3600:.1f} h ahead of the clock"
        yield f"{text}, which was wrong when it was made, or is now: timedatectl status"
    if proved is None and (future or found["age"] > UNPROVED_AFTER):
        yield f"no backup of {name} is proved by a restore"
    if proved is not None and proved > LATE_AFTER:
        text = f"the newest proved backup of {name} is {proved / 3600:.0f} h old, limit"
        yield f"{text} {LATE_AFTER / 3600:.0f} h"
