"""A device of the tailnet, and which of several is a server."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from fks_infra.clouds.tailscale_login import CONSOLE
from fks_infra.limits import TAILNET_RANGE


@dataclass(frozen=True, kw_only=True)
class Device:
    """A machine of the tailnet. `name` is unique in it, and an administrator may change it;
    `hostname` is the machine's own and not unique. Times are in ISO 8601; `expires` is empty where
    the device's key does not expire, and `authorized` is false until an administrator approves it.
    """

    id: str
    hostname: str
    name: str = ""
    created: str = ""
    last_seen: str = ""
    expires: str = ""
    addresses: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    online: bool = True
    authorized: bool = True

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Device":
        """From Tailscale's API."""
        expires = "" if row.get("keyExpiryDisabled", True) else row.get("expires", "")
        return cls(
            id=str(row.get("nodeId") or row.get("id")),
            hostname=str(row.get("hostname", "")),
            name=str(row.get("name", "")).partition(".")[0],
            created=str(row.get("created", "")),
            last_seen=str(row.get("lastSeen") or ""),
            expires=str(expires),
            addresses=tuple(row.get("addresses") or ()),
            tags=frozenset(row.get("tags") or ()),
            online=bool(row.get("connectedToControl", True)),
            authorized=bool(row.get("authorized", True)),
        )

    @property
    def address(self) -> str | None:
        """Its IPv4 address in the tailnet."""
        return next(
            (a for a in self.addresses if ":" not in a and ip_address(a) in TAILNET_RANGE), None
        )

    @property
    def page(self) -> str:
        """Its page in Tailscale's console."""
        return f"{CONSOLE}/machines/{self.address}"

    def __str__(self) -> str:
        state = "" if self.online else f", offline since {self.last_seen or 'an unknown time'}"
        return f"device {self.name or self.hostname} ({self.address}, id {self.id}{state})"


def devices_of(devices: Iterable[Device], hostname: str, tags: frozenset[str]) -> list[Device]:
    """The devices with this host name and these tags: online ones first, of these the newest.

    Every member of the tailnet may choose a host name; tags come with the key.
    """
    matching = [d for d in devices if d.hostname == hostname and tags <= d.tags]
    return sorted(matching, key=lambda device: (device.online, device.created), reverse=True)
