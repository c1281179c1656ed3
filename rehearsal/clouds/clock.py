"""The clouds' clock, which tests move forward instead of waiting."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The wall clock plus an offset."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self) -> datetime:
        """The present time in UTC."""
        return datetime.now(UTC) + self._offset

    def advance(self, seconds: float) -> None:
        """Move forward, for example past a key's expiry; ValueError for negative seconds."""
        if seconds < 0:
            raise ValueError(f"seconds is {seconds}: the clock only moves forward")
        self._offset += timedelta(seconds=seconds)


def parse(moment: str) -> datetime:
    """Read a timestamp of any of the clouds; without a zone it is UTC."""
    value = datetime.fromisoformat(moment)
    return value if value.tzinfo else value.replace(tzinfo=UTC)
