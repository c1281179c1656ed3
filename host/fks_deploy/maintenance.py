"""Maintenance mode: the edge answers 503 to all requests but health checks and those of this
server.

nginx checks for the marker at each request (nginx/snippets/maintenance.conf), so nothing is
reloaded, and the mode survives reloads, deploys and reboots.
"""

import html
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from . import atomic_file, journal
from .output import now
from .paths import Paths

DEFAULT = "The service is down for maintenance."
_TEMPLATE = Path(__file__).resolve().parent.parent / "lib/maintenance.html"


@dataclass(frozen=True)
class Maintenance:
    """Who switched it on, since when (UTC, as in ISO 8601), and the message of the page."""

    who: str
    since: str
    message: str


def read(paths: Paths) -> Maintenance | None:
    """None while it is off."""
    if not paths.maintenance_marker.exists():
        return None
    try:
        return Maintenance(**json.loads(paths.maintenance_marker.read_text()))
    except (ValueError, TypeError):
        return Maintenance("?", "?", "")


def switch_on(paths: Paths, who: str, message: str) -> Maintenance:
    """Write the pages, then the marker; a second time it changes the message. Error: OSError."""
    before = read(paths)
    mode = Maintenance(who, before.since if before else now(), message or DEFAULT)
    paths.maintenance.mkdir(parents=True, exist_ok=True)
    for name, text in _pages(mode.message).items():
        atomic_file.write(paths.maintenance / name, text.encode())
    atomic_file.write(paths.maintenance_marker, json.dumps(asdict(mode)).encode())
    journal.record(paths.journal, "maintenance", who, text=f"on: {mode.message}")
    return mode


def switch_off(paths: Paths, who: str) -> Maintenance | None:
    """Remove the marker; returns what was on, None when it was off. Error: OSError."""
    before = read(paths)
    if before:
        paths.maintenance_marker.unlink()
        journal.record(paths.journal, "maintenance", who, text="off")
    return before


def _pages(message: str) -> dict[str, str]:
    page = _TEMPLATE.read_text().replace("MESSAGE", html.escape(message))
    return {
        "page.html": page,
        "page.json": json.dumps({"status": "maintenance", "detail": message}) + "\n",
    }
