"""One device of the tailnet, and how the API shows it."""

from dataclasses import dataclass, field
from typing import Any

from rehearsal.clouds.clock import parse
from rehearsal.clouds.tailscale import catalog

Json = dict[str, Any]


@dataclass(kw_only=True)
class TailnetDevice:
    """A device as its control server knows it; times are in Tailscale's format."""

    id: str
    hostname: str
    name: str
    addresses: list[str]
    created: str
    last_seen: str
    machine_key: str
    node_key: str
    tags: list[str] = field(default_factory=list)
    ephemeral: bool = False
    connected: bool = True
    authorized: bool = True
    key_expires: bool = False

    @property
    def node_id(self) -> str:
        """The other form of the id, which the API accepts as well."""
        return f"n{self.id}CNTRL"

    def view(self) -> Json:
        """The device as the API shows it."""
        return {
            "addresses": self.addresses,
            "id": self.id,
            "nodeId": self.node_id,
            "user": catalog.OWNER,
            "name": f"{self.name}.{catalog.TAILNET_DOMAIN}",
            "hostname": self.hostname,
            "clientVersion": catalog.CLIENT_VERSION,
            "updateAvailable": False,
            "os": "linux",
            "created": self.created,
            "lastSeen": self.last_seen,
            "connectedToControl": self.connected,
            # The keys of tagged devices do not expire, unless an administrator enables it.
            "keyExpiryDisabled": bool(self.tags) and not self.key_expires,
            "expires": (parse(self.created) + catalog.NODE_KEY_LIFE).strftime(catalog.TIME),
            "authorized": self.authorized,
            "isExternal": False,
            "machineKey": self.machine_key,
            "nodeKey": self.node_key,
            "blocksIncomingConnections": False,
            "tailnetLockError": "",
            "tailnetLockKey": "",
            "tags": self.tags,
            "isEphemeral": self.ephemeral,
        }
