"""How long ago something was, for people."""

from datetime import datetime

_UNITS = ((172800, 86400, "d"), (7200, 3600, "h"), (120, 60, "min"))


def age(now: str, then: str) -> str:
    """From one time to another, both as in ISO 8601."""
    return seconds((datetime.fromisoformat(now) - datetime.fromisoformat(then)).total_seconds())


def seconds(number: float) -> str:
    """In one unit: 34 s, 12 min, 9 h, 3 d; units above seconds are rounded down."""
    for least, length, unit in _UNITS:
        if number >= least:
            return f"{number // length:.0f} {unit}"
    return f"{max(number, 0):.0f} s"
