"""The last check of a server for drift, as bin/status reports it, in words."""

from collections.abc import Mapping
from typing import Any

from fks_infra.operate.age import seconds

# The timer runs each night.
LATE_AFTER = 2 * 86_400
_TIMER = "systemctl status fks-drift.timer; sudo journalctl -u fks-drift"
# As host/fks_deploy/drift/flag.py documents it; None before the first check.
Flag = Mapping[str, Any] | None


def warning(flag: Flag) -> tuple[str, str] | None:
    """A sentence and the command to type next; None without drift."""
    if flag is None:
        return None
    if flag["deviations"]:
        return f"drift, {_ago(flag)}: {_some(flag['first'], flag['deviations'])}", "fks drift"
    if flag["age"] > LATE_AFTER:
        return f"the last check for drift was {seconds(flag['age'])} ago", _TIMER
    if flag["unknown"]:
        return f"drift is not known, {_ago(flag)}: {'; '.join(flag['reasons'])}", "fks drift"
    return None


def shown(flag: Flag) -> tuple[str, bool]:
    """Some words for a card, and whether all is well."""
    if flag is None:
        return "not checked yet", True
    count = flag["deviations"]
    text = f"{count} deviation{'s' if count > 1 else ''}" if count else "none"
    if flag["unknown"] and not count:
        text = "not known"
    return f"{text}, {seconds(flag['age'])} ago", warning(flag) is None


def _ago(flag: Mapping[str, Any]) -> str:
    return f"checked {seconds(flag['age'])} ago"


def _some(first: list[str], count: int) -> str:
    rest = count - len(first)
    return ", ".join(first) + (f" and {rest} more" if rest else "")
