"""How long a server's own chain of resources took, by the engine's events."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rehearsal.world.operator import EVENTS, Operator

Event = dict[str, Any]


def last_events(operator: Operator) -> list[Event]:
    """Return the engine's events of the operator's last operation."""
    return [json.loads(line) for line in operator.output(["cat", EVENTS]).splitlines()]


def server_seconds(events: Sequence[Event], component: str) -> float:
    """Return the seconds from the first to the last event of a server's component and below it.

    The component goes by its resource name: auth, api, web or single. The engine's clock shows
    whole seconds.
    """
    kind = f"fks:infra:{component.capitalize()}Server"
    times = [int(row["timestamp"]) for row in events if kind in _urn(row)]
    return float(max(times) - min(times)) if times else 0.0


def _urn(event: Event) -> str:
    for key in ("resourcePreEvent", "resOutputsEvent"):
        body = event.get(key)
        if isinstance(body, dict):
            return str(body["metadata"]["urn"])
    return ""
