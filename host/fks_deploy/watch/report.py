"""The state of the watch for `fks doctor`, without the webhook's URL."""

from typing import Any

from ..paths import Paths
from . import state
from .program import webhook_url


def report(paths: Paths, now: float) -> dict[str, Any]:
    """{"webhook": whether one is set, "age": seconds since the last run or None, "problems": those
    that last, "delivery_error": why the last alert was not sent, or ""}."""
    found = state.load(paths.watch)
    return {
        "webhook": bool(webhook_url(paths)),
        "age": round(now - found.checked) if found.checked else None,
        "problems": found.history.lasting(),
        "delivery_error": found.delivery.error,
    }
