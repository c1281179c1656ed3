"""Times for people."""

from datetime import UTC, datetime


def iso(seconds: float) -> str:
    """Seconds since 1970 as 2026-11-24T10:00:00Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
