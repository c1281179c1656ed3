"""Devices: who is in the tailnet, under which name and address."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

from rehearsal.clouds.clock import Clock, parse
from rehearsal.clouds.tailscale import catalog
from rehearsal.clouds.tailscale.errors import device_not_found
from rehearsal.clouds.tailscale.keys import Key, stamp

Json = dict[str, Any]
ONLINE_FOR = timedelta(seconds=90)


@dataclass(kw_only=True)
class Device:
    """One device; `node` is the secret it proves itself with, kept as a digest."""

    id: str
    node: str
    hostname: str
    name: str
    address: str
    created: str
    last_seen: str
    tags: list[str] = field(default_factory=list)
    ephemeral: bool = False
    authorized: bool = True
    key_expiry_disabled: bool = False
    version: str = catalog.CLIENT_VERSION
    heartbeats: bool = False

    def view(self, clock: Clock) -> Json:
        """The device as the API shows it."""
        seen = parse(self.last_seen)
        number = self.address.rsplit(".", 1)[1]
        return {
            "addresses": [self.address, f"fd7a:115c:a1e0::{int(number):x}"],
            "id": self.id,
            "nodeId": f"n{self.id}CNTRL",
            "user": catalog.OWNER,
            "name": f"{self.name}.{catalog.TAILNET_DOMAIN}",
            "hostname": self.hostname,
            "clientVersion": self.version,
            "updateAvailable": False,
            "os": "linux",
            "created": self.created,
            "lastSeen": self.last_seen,
            "connectedToControl": not self.heartbeats or clock.now() - seen < ONLINE_FOR,
            "keyExpiryDisabled": self.key_expiry_disabled,
            "expires": stamp(parse(self.created) + catalog.NODE_KEY_LIFE),
            "authorized": self.authorized,
            "isExternal": False,
            "machineKey": f"mkey:{self.node}",
            "nodeKey": f"nodekey:{self.node}",
            "blocksIncomingConnections": False,
            "tailnetLockError": "",
            "tailnetLockKey": "",
            "tags": self.tags,
            "isEphemeral": self.ephemeral,
        }


class Devices:
    """The devices of one tailnet."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._devices: dict[str, Device] = {}
        self._last = 10000
        self._next_address = catalog.FIRST_ADDRESS

    def add(self, key: Key, hostname: str, node: str, version: str) -> Device:
        """A new device; a name that is taken gets -1, -2, ... as in real life."""
        self._last += 1
        now = stamp(self._clock.now())
        device = Device(
            id=str(self._last),
            node=_digest(node),
            hostname=hostname,
            name=self._free_name(hostname),
            address=self._free_address(),
            created=now,
            last_seen=now,
            tags=list(key.tags),
            ephemeral=key.ephemeral,
            authorized=key.preauthorized,
            key_expiry_disabled=bool(key.tags),
            version=version or catalog.CLIENT_VERSION,
        )
        self._devices[device.id] = device
        return device

    def by_node(self, node: str) -> Device | None:
        """The device that proves itself with this secret; None when it never was or is removed."""
        digest = _digest(node)
        return next((d for d in self._devices.values() if d.node == digest), None)

    def seen(self, node: str) -> Device:
        """A device says that it is alive; 404 when it was removed."""
        device = self.by_node(node)
        if device is None:
            raise device_not_found()
        device.last_seen, device.heartbeats = stamp(self._clock.now()), True
        return device

    def get(self, device_id: str) -> Device:
        """By id or node id, or Tailscale's 404."""
        for device in self._devices.values():
            if device_id in (device.id, f"n{device.id}CNTRL"):
                return device
        raise device_not_found()

    def delete(self, device_id: str) -> None:
        """Remove it from the tailnet; it has to register again."""
        del self._devices[self.get(device_id).id]

    def views(self, filters: Iterable[tuple[str, str]] = ()) -> list[Json]:
        """Those whose fields equal every filter; a tag matches when it is among the tags."""
        rows = [device.view(self._clock) for device in self._devices.values()]
        return [row for row in rows if all(_matches(row.get(k), v) for k, v in filters)]

    def dump(self) -> Json:
        """Plain data for the state file."""
        return {
            "last": self._last,
            "next_address": self._next_address,
            "devices": [asdict(device) for device in self._devices.values()],
        }

    def load(self, state: Json) -> None:
        """Take `dump`'s data back."""
        self._last, self._next_address = state["last"], state["next_address"]
        self._devices = {row["id"]: Device(**row) for row in state["devices"]}

    def _free_name(self, hostname: str) -> str:
        taken = {device.name for device in self._devices.values()}
        if hostname not in taken:
            return hostname
        return next(n for i in range(1, 1000) if (n := f"{hostname}-{i}") not in taken)

    def _free_address(self) -> str:
        taken = {device.address for device in self._devices.values()}
        while True:
            high, low = divmod(self._next_address, 256)
            self._next_address += 1
            address = f"100.64.{high}.{low}"
            if low not in (0, 255) and address not in taken:
                return address


def _digest(node: str) -> str:
    return sha256(node.encode()).hexdigest()


def _matches(have: Any, want: str) -> bool:
    if isinstance(have, list):
        return want in have
    if isinstance(have, bool):
        return want.lower() == str(have).lower()
    return str(have) == want
