"""A caching resolver and a name that is asked for too early: it is remembered as missing."""

from collections.abc import Callable
from datetime import datetime, timedelta

from rehearsal.clouds.clock import Clock

# The minimum of the SOA record in Cloudflare's zones, which is how long an absence may be kept.
SECONDS = 1800


class Absence:
    """One cache for each who asks; `owner` tells whose an address is at present."""

    def __init__(self, clock: Clock, owner: Callable[[str], str]) -> None:
        self._clock, self._owner = clock, owner
        self._since: dict[tuple[str, str], datetime] = {}

    def note(self, address: str, name: str) -> None:
        """Somebody at this address was told that there is no such name."""
        self._since.setdefault((self._owner(address), name), self._clock.now())

    def remembers(self, address: str, name: str) -> bool:
        """Whether that is still what the resolver of this address says."""
        key = (self._owner(address), name)
        since = self._since.get(key)
        if since is not None and self._clock.now() - since > timedelta(seconds=SECONDS):
            del self._since[key]
            return False
        return since is not None
