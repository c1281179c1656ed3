"""What the last update changed and how long each server took, from the stack's state and history.

The official action gives neither; `pulumi stack history --json` and `pulumi stack export` do.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fks_infra.errors import OperatorError

_SERVER = re.compile(r"::fks:infra:(\w+)Server(?:\$|::)")


@dataclass(frozen=True, kw_only=True)
class LastUpdate:
    """`result` is succeeded, failed or in-progress; `changes` is operation to count without `same`;
    `servers` is server to seconds from the begin until its last resource that changed.
    """

    result: str
    changes: Mapping[str, int]
    servers: Mapping[str, float]

    def document(self) -> str:
        """As Markdown."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        changes = [f"{count} {operation}" for operation, count in sorted(self.changes.items())]
        yield f"Update {self.result}: {', '.join(changes) or 'no change'}."
        if self.servers:
            yield ""
            yield "| server | seconds |"
            yield "|---|---|"
        for name, seconds in sorted(self.servers.items()):
            yield f"| {name} | {seconds:.0f} |"


def last_update(history: str, state: str) -> LastUpdate:
    """From the two commands' standard output; OperatorError for a stack without an update."""
    entries = json.loads(history or "[]")
    if not entries:
        raise OperatorError("The stack has no update yet. Run pulumi up.")
    entry = entries[0]
    changes = {name: n for name, n in (entry.get("resourceChanges") or {}).items() if n}
    changes.pop("same", None)
    servers = _seconds(json.loads(state), _time(entry["startTime"]))
    return LastUpdate(result=entry["result"], changes=changes, servers=servers)


def _seconds(state: Mapping[str, Any], begin: datetime) -> dict[str, float]:
    found: dict[str, float] = {}
    for resource in (state.get("deployment") or {}).get("resources") or ():
        server = _SERVER.search(resource["urn"])
        if server is None or "modified" not in resource:
            continue
        seconds = (_time(resource["modified"]) - begin).total_seconds()
        if seconds >= 0:
            name = server[1].lower()
            found[name] = max(found.get(name, 0.0), seconds)
    return found


def _time(text: str) -> datetime:
    """RFC 3339 with up to nine digits of a second, of which Python reads six."""
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text)).astimezone(UTC)
