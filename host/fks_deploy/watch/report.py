"""The state of the watch for `fks doctor`, without the webhook's URL."""

from typing import Any

from ..paths import Paths
from ..shell import Shell
from . import state
from .program import webhook_url

_BOOT = ("systemctl", "show", "--property=UserspaceTimestampMonotonic", "--value")


def report(paths: Paths, shell: Shell, now: float, monotonic: float) -> dict[str, Any]:
    """{"webhook": whether one is set, "age": seconds since the last run or None, "up": seconds
    since systemd started, "problems": those that last, "delivery_error": why the last alert was not
    sent, or ""}. `monotonic` is time.monotonic(), the clock of systemd's timestamp."""
    found = state.load(paths.watch)
    return {
        "webhook": bool(webhook_url(paths)),
        "age": round(now - found.checked) if found.checked else None,
        "up": round(monotonic - int(shell.run(_BOOT, timeout=30)) / 1_000_000),
        "problems": found.history.lasting(),
        "delivery_error": found.delivery.error,
    }
