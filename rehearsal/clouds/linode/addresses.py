"""The addresses the stand-in Linode hands out, from a documentation range and a private one."""

from collections.abc import Iterable

from rehearsal.clouds.linode.errors import refused

PREFIX = "198.51.100."
FIRST, LAST = 16, 250


class Addresses:
    """Public addresses go round, so that a rebuilt server gets another one, as in real life."""

    def __init__(self, prefix: str = PREFIX) -> None:
        self._prefix = prefix
        self.next_public = FIRST
        self.next_private = 1

    def public(self, taken: Iterable[str]) -> str:
        """The next public address that no instance holds."""
        in_use = set(taken)
        for _ in range(FIRST, LAST + 1):
            address = f"{self._prefix}{self.next_public}"
            self.next_public = FIRST if self.next_public == LAST else self.next_public + 1
            if address not in in_use:
                return address
        raise refused("No more IPv4 addresses are available in this region")

    def private(self) -> str:
        """The next private address."""
        high, low = divmod(self.next_private, 254)
        self.next_private += 1
        return f"192.168.{128 + high}.{low + 1}"

    def dump(self) -> dict[str, int]:
        """Plain data for the state file."""
        return {"next_public": self.next_public, "next_private": self.next_private}

    def load(self, state: dict[str, int]) -> None:
        """Take `dump`'s data back."""
        self.next_public, self.next_private = state["next_public"], state["next_private"]
