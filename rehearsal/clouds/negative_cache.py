"""The negative cache of resolvers: a name queried too early stays missing (RFC 2308)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from rehearsal.clouds.clock import Clock

# The minimum of the SOA record in Cloudflare's zones: how long a resolver caches NXDOMAIN.
SECONDS = 1800


class NegativeCache:
    """One cache for each client; `owner` maps an address to the client that has it now."""

    def __init__(self, clock: Clock, owner: Callable[[str], str]) -> None:
        self._clock, self._owner = clock, owner
        self._since: dict[tuple[str, str], datetime] = {}

    def add(self, address: str, name: str) -> None:
        """Cache NXDOMAIN for a name, for the client at this address."""
        self._since.setdefault((self._owner(address), name), self._clock.now())

    def has(self, address: str, name: str) -> bool:
        """Whether NXDOMAIN is cached for this client; an old entry is removed."""
        key = (self._owner(address), name)
        since = self._since.get(key)
        if since is not None and self._clock.now() - since > timedelta(seconds=SECONDS):
            del self._since[key]
            return False
        return since is not None
