"""One line of a log."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# As `docker logs --timestamps` prints it, always in UTC.
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})\d*Z ?")


@dataclass(frozen=True, order=True)
class Entry:
    """`time` is in UTC with microseconds, so that texts sort as times; `source` is the service, or
    "unit:NAME"."""

    time: str
    source: str
    text: str


def timestamp(seconds: float) -> str:
    """Seconds since 1970 as 2026-11-27T10:00:00.000000Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def of_container(line: str, service: str) -> Entry | None:
    """From a line of `docker logs --timestamps`; None for one of Docker's own messages."""
    found = _TIME.match(line)
    return Entry(f"{found[1]}Z", service, line[found.end() :].rstrip("\r\n")) if found else None


def of_journal(line: str) -> Entry | None:
    """From a line of `journalctl --output=json`; None for an entry without a message."""
    record = json.loads(line)
    text = _message(record.get("MESSAGE"))
    if text is None:
        return None
    unit = record.get("UNIT") or record.get("_SYSTEMD_UNIT") or record.get("SYSLOG_IDENTIFIER")
    source = f"unit:{str(unit).removesuffix('.service')}"
    return Entry(timestamp(int(record["__REALTIME_TIMESTAMP"]) / 1e6), source, text)


def _message(value: Any) -> str | None:
    """journald has bytes that are no text as a list of numbers."""
    if isinstance(value, list):
        return bytes(value).decode(errors="replace")
    return value if isinstance(value, str) else None
