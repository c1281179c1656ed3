"""The option `--since`: an age, or a time."""

import re
from datetime import UTC, datetime

from fks_infra.errors import OperatorError

_AGE = re.compile(r"(\d+)([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds(text: str, now: datetime) -> float:
    """How long before `now` it is: 90s, 10m, 2h, 3d, 2w, or a time in ISO 8601.

    A time without a zone is in UTC. Raises OperatorError for another text, and for a time after
    `now`.
    """
    if found := _AGE.fullmatch(text):
        return float(int(found[1]) * _SECONDS[found[2]])
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise OperatorError(
            f"--since {text!r} is no time: write 90s, 10m, 2h, 3d or 2w, or 2026-11-27T10:00"
        ) from None
    age = (now - (time if time.tzinfo else time.replace(tzinfo=UTC))).total_seconds()
    if age < 0:
        raise OperatorError(f"--since {text!r} is in the future; now is {now:%Y-%m-%dT%H:%M} UTC")
    return age
