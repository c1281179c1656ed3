"""Devices: who is in the tailnet, under which name and addresses."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rehearsal.clouds.clock import parse
from rehearsal.clouds.tailscale import catalog
from rehearsal.clouds.tailscale.keys import stamp

Json = dict[str, Any]


@dataclass(kw_only=True)
class Device:
    """One device as its control server knows it; times are as Tailscale writes them."""

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
    authorized: bool = True
    connected: bool = True
    version: str = catalog.CLIENT_VERSION

    @property
    def node_id(self) -> str:
        """The other form of the id, which the API takes as well."""
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
            "clientVersion": self.version,
            "updateAvailable": False,
            "os": "linux",
            "created": self.created,
            "lastSeen": self.last_seen,
            "connectedToControl": self.connected,
            # The keys of tagged devices do not expire.
            "keyExpiryDisabled": bool(self.tags),
            "expires": stamp(parse(self.created) + catalog.NODE_KEY_LIFE),
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


def views(devices: Iterable[Device], filters: Iterable[tuple[str, str]] = ()) -> list[Json]:
    """Those whose fields equal every filter; a tag matches when it is among the tags."""
    rows, wanted = [device.view() for device in devices], list(filters)
    return [row for row in rows if all(_matches(row.get(k), v) for k, v in wanted)]


def _matches(have: Any, want: str) -> bool:
    if isinstance(have, list):
        return want in have
    if isinstance(have, bool):
        return want.lower() == str(have).lower()
    return str(have) == want
