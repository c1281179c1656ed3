"""How far the restore of a data set is, for `fks restore` and `fks status`."""

import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ..paths import Paths
from ..watch.problem import Problem
from . import record
from .record import Record

# Seconds until a database that is kept aside is a problem.
KEPT_AFTER = 24 * 3600.0
_MIB = 1 << 20
_INTERRUPTED = (record.EXCHANGING, record.UNDOING)


def document(paths: Paths, name: str) -> dict[str, Any]:
    """{"set", "restore": the record as record.py has it, with "age" of the dump in seconds, or None
    without a restore, "time": seconds since 1970}. Error: DeployError."""
    found, now = record.load(paths, name), time.time()
    shown = {**asdict(found), "age": round(now - _seconds(found.made))} if found else None
    return {"set": name, "restore": shown, "time": round(now)}


def every(paths: Paths) -> dict[str, Record]:
    """By data set: the restores that are not finished."""
    names = sorted(file.stem for file in paths.restore.glob("*.json"))
    found = {name: record.load(paths, name) for name in names}
    return {name: one for name, one in found.items() if one}


def problems(found: dict[str, Record], now: float) -> Iterator[Problem]:
    """Restores that ended in the middle, and databases that are kept for long."""
    for name, one in found.items():
        command = f"fks restore {name}"
        if one.state in _INTERRUPTED:
            text = f"the restore of {name} is interrupted: requests are refused since {one.closed}"
            yield Problem(f"restore {name}", text, command)
        elif now - _seconds(one.since) > KEPT_AFTER:
            text = f"the other data of {name} are kept since the restore of {one.since}"
            text += f" ({one.aside // _MIB} MiB, {one.state})"
            yield Problem(f"restore {name}", text, f"{command} --finish")


def _seconds(time_: str) -> float:
    return datetime.fromisoformat(time_).timestamp()
