"""One tailnet: its keys and its devices, with a control server behind. Knows nothing of HTTP."""

from collections.abc import Iterable
from typing import Any

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.tailscale import catalog
from rehearsal.clouds.tailscale.control_server import ControlServer
from rehearsal.clouds.tailscale.devices import Device, views
from rehearsal.clouds.tailscale.errors import device_not_found
from rehearsal.clouds.tailscale.keys import Keys, stamp

Json = dict[str, Any]


class Tailscale:
    """The tailnet every stand-in token belongs to."""

    def __init__(
        self,
        clock: Clock,
        control: ControlServer,
        tag_owners: Iterable[str] = catalog.DEFAULT_TAG_OWNERS,
    ) -> None:
        self.control = control
        self._tag_owners = tuple(tag_owners)
        self._born = stamp(clock.now())
        self.keys = Keys(clock, self._tag_owners, control)

    def reset(self) -> None:
        """A tailnet without keys, and without the devices that came by one."""
        for row in self.keys.views():
            self.keys.delete(row["id"])
        for device in self.control.devices():
            if any(self.keys.owns(tag) for tag in device.tags):
                self.control.remove(device)

    def device(self, device_id: str) -> Device:
        """One device by either of its ids, or Tailscale's 404."""
        for device in self.control.devices():
            if device_id in (device.id, device.node_id):
                return device
        raise device_not_found()

    def client(self, client_id: str) -> Json:
        """The OAuth client of this id: any rehearsal's is one, with the tags keys may carry."""
        return {
            "id": client_id,
            "keyType": "client",
            "description": "rehearsal",
            "created": self._born,
            "scopes": ["auth_keys", "devices:core"],
            "tags": [tag for tag in self._tag_owners if "*" not in tag],
            "userId": "u1CNTRL",
        }

    def remove(self, device_id: str) -> None:
        """Take a device out of the tailnet, or Tailscale's 404."""
        self.control.remove(self.device(device_id))

    def clock_moved(self) -> None:
        """Keys may have expired."""
        self.keys.revoke_expired()

    def state(self) -> Json:
        """All that the tailnet holds, as the API would show it."""
        return {"keys": self.keys.views(), "devices": views(self.control.devices())}

    def dump(self) -> Json:
        """Plain data for the state file."""
        return {"keys": self.keys.dump(), "control": self.control.dump()}

    def load(self, state: Json) -> None:
        """Take `dump`'s data back."""
        self.keys.load(state["keys"])
        self.control.load(state["control"])
