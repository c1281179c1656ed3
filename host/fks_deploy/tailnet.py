"""The devices of the tailnet as tailscaled reports them.

Their tags are set by the control server, so a device cannot claim one:
https://tailscale.com/kb/1068/tags
"""

import ipaddress
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from .errors import DeployError
from .shell import Shell

_TIMEOUT = 15.0


@dataclass(frozen=True)
class Device:
    """A device of the tailnet: its IPv4 address there and its tags."""

    address: str
    tags: frozenset[str]


@dataclass(frozen=True)
class Tailnet:
    """This server, and all devices that it sees, itself included."""

    own: Device
    devices: tuple[Device, ...]

    def addresses(self, tags: Collection[str]) -> list[str]:
        """The addresses of the devices with one of these tags, sorted."""
        return sorted({one.address for one in self.devices if one.tags & set(tags)})


def read(shell: Shell) -> Tailnet:
    """Ask tailscaled. Error: DeployError when it does not answer or this server has no address."""
    document = json.loads(shell.run(["tailscale", "status", "--json"], timeout=_TIMEOUT))
    own = _device(document["Self"])
    if own is None:
        raise DeployError("tailscale status reports no address of this server: run tailscale up")
    peers = (_device(entry) for entry in (document.get("Peer") or {}).values())
    return Tailnet(own, (own, *(peer for peer in peers if peer)))


def _device(entry: dict[str, Any]) -> Device | None:
    for address in entry.get("TailscaleIPs") or ():
        if ipaddress.ip_address(address).version == 4:
            return Device(address, frozenset(entry.get("Tags") or ()))
    return None
