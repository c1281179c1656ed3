"""What a page about this server shows beside its state: usage, deploys, and whom it calls."""

from datetime import datetime
from typing import Any

from .. import journal
from ..paths import Paths
from ..watch import day, settings

DEPLOY_DAYS = 7


def report(paths: Paths, now: float) -> dict[str, Any]:
    """{"samples": [[seconds since 1970, CPU, memory, disk]] of the last day in percent, None for
    what was not measured, "deploys": [{"time", "who", "digest", "result", "seconds"}] of the last
    seven days, "peers": [host that this server calls]}. Error: OSError, DeployError."""
    known = settings.load(paths)
    return {
        "samples": [
            [round(one.time), one.cpu, one.memory, one.disk]
            for one in day.load(paths.day)
            if one.time > now - 86_400
        ],
        "deploys": _deploys(paths, now),
        "peers": sorted({probe.host for probe in known.peers}) if known else [],
    }


def _deploys(paths: Paths, now: float) -> list[dict[str, Any]]:
    entries, _ = journal.read(paths.journal)
    first = now - DEPLOY_DAYS * 86_400
    return [
        {key: one.get(key) for key in ("time", "who", "digest", "result", "seconds")}
        for one in entries
        if one["kind"] == journal.DEPLOY and datetime.fromisoformat(one["time"]).timestamp() > first
    ]
