"""The public IPv4 addresses of the stand-in Linode, from a documentation range (RFC 5737)."""

from collections.abc import Iterable

from rehearsal.clouds.linode.errors import rejected

PREFIX = "198.51.100."
FIRST, LAST = 16, 250


class Addresses:
    """Hands addresses out in order and starts again after the last one.

    A rebuilt server therefore gets a different address, as in the real cloud.
    """

    def __init__(self, prefix: str = PREFIX) -> None:
        self._prefix = prefix
        self.next = FIRST

    def allocate(self, taken: Iterable[str]) -> str:
        """The next address that is not in `taken`."""
        in_use = set(taken)
        for _ in range(FIRST, LAST + 1):
            address = f"{self._prefix}{self.next}"
            self.next = FIRST if self.next == LAST else self.next + 1
            if address not in in_use:
                return address
        raise rejected("No more IPv4 addresses are available in this region")
