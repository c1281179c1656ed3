"""Reads the engine's event log: operation counts, and the seconds each server took."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

Event = dict[str, Any]


def parse_events(event_log: str) -> list[Event]:
    """Return the events of an event log (one JSON object per line), oldest first."""
    return [json.loads(line) for line in event_log.splitlines()]


def operation_counts(events: Sequence[Event]) -> dict[str, int]:
    """Return the counts in the engine's summary event, by operation; empty without a summary."""
    for event in reversed(events):
        if "summaryEvent" in event:
            changes = event["summaryEvent"]["resourceChanges"]
            return {str(name): int(count) for name, count in changes.items()}
    return {}


def server_seconds(events: Sequence[Event], server: str) -> float:
    """Return the seconds from the first to the last event of a server's component resource.

    ``server`` is auth, api, web or single. The engine's timestamps are whole seconds; 0.0 if the
    log has no event of this server.
    """
    kind = f"fks:infra:{server.capitalize()}Server"
    times = [int(event["timestamp"]) for event in events if kind in _urn(event)]
    return float(max(times) - min(times)) if times else 0.0


def _urn(event: Event) -> str:
    for key in ("resourcePreEvent", "resOutputsEvent"):
        body = event.get(key)
        if isinstance(body, dict):
            return str(body["metadata"]["urn"])
    return ""
