"""One tailnet: its keys, and the devices of the control server. Knows nothing of HTTP."""

from collections.abc import Iterable
from typing import Any

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.tailscale import catalog
from rehearsal.clouds.tailscale.control_server import ControlServer
from rehearsal.clouds.tailscale.errors import failed
from rehearsal.clouds.tailscale.keys import Keys
from rehearsal.clouds.tokens import Tokens

Json = dict[str, Any]


class TailscaleCloud:
    """The tailnet that every credential of a rehearsal belongs to."""

    def __init__(
        self,
        clock: Clock,
        control: ControlServer,
        tag_owners: Iterable[str] = catalog.DEFAULT_TAG_OWNERS,
    ) -> None:
        self.control = control
        self._tag_owners = tuple(tag_owners)
        self._created = clock.now().strftime(catalog.TIME)
        self.keys = Keys(clock, self._tag_owners, control)
        self.tokens = Tokens()

    def reset(self) -> None:
        """Remove all keys, and the devices with a tag that keys can have; no credential is revoked
        any more."""
        self.tokens = Tokens()
        for row in self.keys.views():
            self.keys.delete(row["id"])
        for device in self.control.devices():
            if any(self.keys.owns(tag) for tag in device.tags):
                self.control.remove(device)

    def client(self, client_id: str) -> Json:
        """The OAuth client of this id, with the tags that keys can have."""
        return {
            "id": client_id,
            "keyType": "client",
            "description": "rehearsal",
            "created": self._created,
            "scopes": ["auth_keys", "devices:core"],
            "tags": [tag for tag in self._tag_owners if "*" not in tag],
            "userId": "u1CNTRL",
        }

    def device_views(self) -> list[Json]:
        """All devices as the API shows them."""
        return [device.view() for device in self.control.devices()]

    def remove(self, device_id: str) -> None:
        """Remove the device with this id or node id, or Tailscale's 404."""
        for device in self.control.devices():
            if device_id in (device.id, device.node_id):
                return self.control.remove(device)
        raise failed(404, "device not found")

    def state(self) -> Json:
        """Everything in the tailnet as the API would show it."""
        return {"keys": self.keys.views(), "devices": self.device_views()}

    def dump(self) -> Json:
        """Plain data for the state file. The control server stores its own state."""
        return {**self.keys.dump(), "revoked": sorted(self.tokens.revoked)}

    def load(self, state: Json) -> None:
        """Restore `dump`'s data."""
        self.tokens.revoked = set(state.get("revoked", ()))
        self.keys.load(state)
