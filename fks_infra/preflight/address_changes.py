"""A server that came back into the tailnet with another address than the state has.

It joined again after tailscaled had lost its state, or an administrator changed its address.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from fks_infra.clouds.tailscale_device import Device, devices_of
from fks_infra.preflight.orphans import INSTANCE
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology.names import host_name
from fks_infra.topology.servers import ServerSpec


@dataclass(frozen=True, kw_only=True)
class AddressChange:
    """The server's instance, its address in the state, and the device that it is now."""

    server: str
    instance_id: str
    recorded: str
    device: Device

    @property
    def notice(self) -> str:
        """What the operator reads in the preview."""
        return (
            f"{self.server} is now {self.device}; the stack has {self.recorded}, where no device "
            f"is online. pulumi up takes the new address: it keeps the server and its disk, "
            f"deploys again, and updates the DNS. Then fks doctor names devices to remove."
        )


def address_change(
    step: str,
    server: ServerSpec,
    tags: frozenset[str],
    state: StateSnapshot,
    devices: Sequence[Device],
) -> AddressChange | None:
    """The change since the join step `step` ran, or None.

    A device that is online at the recorded address is the server, whatever others have its name.
    """
    recorded = json.loads(state.stdout.get(step) or "{}").get("address")
    instance_id = state.labels.get((INSTANCE, server.label))
    if not recorded or not instance_id or _is_online(recorded, devices):
        return None
    found = devices_of(devices, host_name(server.name, instance_id), tags)
    if not found or not found[0].online or found[0].address is None:
        return None
    return AddressChange(
        server=server.name, instance_id=instance_id, recorded=recorded, device=found[0]
    )


def _is_online(address: str, devices: Sequence[Device]) -> bool:
    return any(device.online and device.address == address for device in devices)
