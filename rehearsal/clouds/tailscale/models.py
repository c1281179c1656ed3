"""One tailnet: keys, devices, and the registration of devices by key. Knows nothing of HTTP."""

import re
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.tailscale import catalog
from rehearsal.clouds.tailscale.devices import Devices
from rehearsal.clouds.tailscale.errors import failed
from rehearsal.clouds.tailscale.keys import Keys

Json = dict[str, Any]
_HOSTNAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class Tailscale:
    """The tailnet every stand-in token belongs to."""

    def __init__(
        self, clock: Clock, tag_owners: Iterable[str] = catalog.DEFAULT_TAG_OWNERS
    ) -> None:
        self._clock = clock
        self._tag_owners = tuple(tag_owners)
        self.changed: Callable[[], None] = lambda: None
        self.reset()

    def reset(self) -> None:
        """A tailnet without keys and devices."""
        self.keys = Keys(self._clock, self._tag_owners)
        self.devices = Devices(self._clock)

    def register(self, wanted: Json) -> Json:
        """A device comes with a key; a secret of its own that is known already needs none.

        Answers {id, nodeId, address, name, node}; `node` is the secret for later.
        """
        hostname = str(wanted.get("hostname") or "").lower()
        if not _HOSTNAME.fullmatch(hostname):
            raise failed(400, f"hostname {hostname!r} is no host name")
        node = str(wanted.get("node") or "")
        device = self.devices.by_node(node) if node else None
        if device is None:
            tags = list(wanted.get("tags") or [])
            self.keys.check_tags(tags, needed=False)
            key = self.keys.redeem(str(wanted.get("key") or ""))
            node = node or secrets.token_hex(32)
            device = self.devices.add(key, hostname, node, str(wanted.get("version") or ""))
            device.tags = sorted({*device.tags, *tags})
        view = device.view(self._clock)
        answer = {key: view[key] for key in ("id", "nodeId", "name", "hostname", "tags")}
        return {**answer, "address": device.address, "addresses": view["addresses"], "node": node}

    def device(self, device_id: str) -> Json:
        """One device as the API shows it, or Tailscale's 404."""
        return self.devices.get(device_id).view(self._clock)

    def state(self) -> Json:
        """All that the tailnet holds, as the API would show it."""
        return {"keys": self.keys.views(), "devices": self.devices.views()}

    def dump(self) -> Json:
        """Plain data for the state file."""
        return {"keys": self.keys.dump(), "devices": self.devices.dump()}

    def load(self, state: Json) -> None:
        """Take `dump`'s data back."""
        self.keys.load(state["keys"])
        self.devices.load(state["devices"])
