"""Pulumi's history of a stack as events: who ran which operation, from which commit.

https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_history/
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from fks_infra.operate.timeline import Event

# How many operations are read.
LAST = 50
_STACK = "stack"


def updates(history: str, since: str) -> Iterator[Event]:
    """From what `pulumi stack history --json` prints; `since` as in ISO 8601, "" for all."""
    for update in json.loads(history or "[]"):
        entry = _entry(update)
        time = datetime.fromisoformat(entry["time"]).astimezone(UTC)
        if not since or time >= datetime.fromisoformat(since):
            failed = entry["result"] == "failed"
            yield Event(
                time=time,
                server=_STACK,
                kind=entry["kind"],
                text=_text(entry),
                failed=failed,
                entry=entry,
            )


def _entry(update: Mapping[str, Any]) -> dict[str, str]:
    environment = update.get("environment") or {}
    return {
        "time": update["startTime"],
        "kind": f"pulumi {update['kind']}",
        "who": environment.get("git.author", ""),
        "result": update["result"],
        "message": (update.get("message") or "").partition("\n")[0],
        "commit": environment.get("git.head", ""),
    }


def _text(entry: Mapping[str, str]) -> str:
    details = {"by": entry["who"], "commit": entry["commit"][:12]}
    text = ", ".join([entry["result"], *(f"{key} {one}" for key, one in details.items() if one)])
    return f"{text}: {entry['message']}" if entry["message"] else text
