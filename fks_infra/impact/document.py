"""The impact as a JSON document."""

import json
from dataclasses import asdict
from typing import Any

from fks_infra.impact.impact import Effect, Impact
from fks_infra.impact.verdict import away, verdict


def document(impact: Impact, source: str) -> str:
    """{"stack", "source": which commits were compared, "verdict", "exit_code",
    "servers": {name: {"effects": [EFFECT], "unchanged": [service]}}, "records": [EFFECT],
    "images" | "settings" | "secrets": [{"name", "before", "after": text or null}],
    "program": [file], "engine": {resource: "replace" | "delete"} or null without --engine,
     "dollars": {"before", "after", "priced"}, "notes": [sentence]} with EFFECT
    {"part", "action", "detail", "seconds": number, or null where it was not measured, "notices",
    "away": text, "exit_code"}.
    """
    shown: dict[str, Any] = {
        "stack": impact.stack,
        "source": source,
        "verdict": verdict(impact),
        "exit_code": impact.level,
        "servers": {
            name: {
                "effects": [_effect(one) for one in server.effects],
                "unchanged": server.unchanged,
            }
            for name, server in impact.servers.items()
        },
        "records": [_effect(one) for one in impact.records],
        "program": impact.program,
        "engine": impact.engine,
        "dollars": {
            "before": impact.dollars_before,
            "after": impact.dollars_after,
            "priced": impact.priced,
        },
        "notes": impact.notes,
    }
    for name in ("images", "settings", "secrets"):
        shown[name] = [asdict(change) for change in getattr(impact, name)]
    return json.dumps(shown, indent=2)


def _effect(effect: Effect) -> dict[str, Any]:
    return {**asdict(effect), "away": away(effect), "exit_code": effect.level}
