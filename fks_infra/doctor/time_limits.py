"""How long `fks doctor` waits."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TimeLimits:
    """Seconds that one call may wait for the other side, and that a whole check may take."""

    call: float = 10.0
    check: float = 40.0
