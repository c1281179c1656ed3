"""The result of the last check for drift: /var/lib/fks/drift.json, which `fks status` shows."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from .. import atomic_file

# Of each kind, so that the file stays small
FIRST = 5


def write(file: Path, report: Mapping[str, Any]) -> None:
    """From what report.py returns, in place of the last result."""
    deviations, unknown = report["deviations"], report["unknown"]
    document = {
        "time": report["time"],
        "deviations": len(deviations),
        "unknown": len(unknown),
        "first": [f"{one['kind']} {one['name']}" for one in deviations[:FIRST]],
        "reasons": [f"{one['part']}: {one['reason']}" for one in unknown[:FIRST]],
    }
    atomic_file.write(file, json.dumps(document).encode())


def read(file: Path, now: float) -> dict[str, Any] | None:
    """What `write` wrote, and its "age" in seconds; None before the first check. Error: ValueError
    or LookupError for a damaged file."""
    if not file.exists():
        return None
    document = dict(json.loads(file.read_text()))
    time = datetime.fromisoformat(document["time"]).timestamp()
    return {**document, "age": round(now - time)}
