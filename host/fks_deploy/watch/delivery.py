"""When an alert may be sent: at most some per hour, and less often while the webhook fails."""

from dataclasses import dataclass, field

MAX_PER_HOUR = 6
_HOUR = 3600.0
# Seconds until the next try after a failure; doubled with each further one
_FIRST_PAUSE, _LONGEST_PAUSE = 60.0, 900.0


@dataclass
class Delivery:
    """Times in seconds since 1970. `error` is the last failure, "" after a success."""

    sent: list[float] = field(default_factory=list)
    failures: int = 0
    retry_at: float = 0.0
    error: str = ""

    def allowed(self, now: float) -> bool:
        """Whether a message may be sent at this time."""
        self.sent = [time for time in self.sent if now - _HOUR < time <= now]
        # After the clock was set back, retry_at may be far away.
        waits = now < self.retry_at <= now + _LONGEST_PAUSE
        return len(self.sent) < MAX_PER_HOUR and not waits

    def succeeded(self, now: float) -> None:
        """A message was delivered."""
        self.sent.append(now)
        self.failures, self.retry_at, self.error = 0, 0.0, ""

    def failed(self, now: float, error: str, retry_after: float) -> None:
        """A message was not delivered; the receiver asks for a pause of `retry_after` seconds."""
        pause = max(_FIRST_PAUSE * 2**self.failures, retry_after)
        self.failures = min(self.failures + 1, 10)
        self.retry_at = now + min(pause, _LONGEST_PAUSE)
        self.error = error
