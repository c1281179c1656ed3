"""A control server in memory, for previews and tests; nothing of it survives a restart."""

import re
import secrets
from hashlib import sha256
from itertools import count
from typing import Any

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.tailscale import catalog
from rehearsal.clouds.tailscale.auth_key import AuthKey
from rehearsal.clouds.tailscale.devices import TailnetDevice
from rehearsal.clouds.tailscale.errors import failed
from rehearsal.clouds.tailscale.keys import Keys

Json = dict[str, Any]
_HOSTNAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class MemoryControl:
    """Stores the digests of the keys' texts, and the devices that `register` admitted."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._texts: dict[str, str] = {}
        self._used: set[str] = set()
        self._devices: dict[str, TailnetDevice] = {}
        self._last = 0

    def issue(self, key: AuthKey) -> str:
        """A new text in Tailscale's form."""
        text = f"tskey-auth-{key.id}-{secrets.token_hex(16)}"
        self._texts[_digest(text)] = key.id
        return text

    def used(self, keys: list[AuthKey]) -> set[str]:
        """The ids of those keys that `register` has accepted."""
        return {key.id for key in keys} & self._used

    def revoke(self, key: AuthKey) -> None:
        """Delete its digest."""
        self._texts = {digest: owner for digest, owner in self._texts.items() if owner != key.id}

    def devices(self) -> list[TailnetDevice]:
        """All devices."""
        return list(self._devices.values())

    def remove(self, device: TailnetDevice) -> None:
        """Delete the device."""
        del self._devices[device.id]

    def policy(self) -> Json:
        """The policy of a new tailnet, which allows everything."""
        return catalog.FIRST_POLICY

    def register(self, keys: Keys, body: Json) -> TailnetDevice:
        """Admit a device that sends `{key, hostname}`, or fail with Tailscale's 400."""
        hostname = str(body.get("hostname") or "").lower()
        if not _HOSTNAME.fullmatch(hostname):
            raise failed(400, f"hostname {hostname!r} is not a host name")
        owner = self._texts.get(_digest(str(body.get("key") or "")))
        if owner is None:
            raise failed(400, "invalid key: API key does not exist")
        key = keys.redeemable(owner)
        self._used.add(key.id)
        self._last += 1
        device = self._device(self._last, hostname, key)
        self._devices[device.id] = device
        return device

    def _device(self, number: int, hostname: str, key: AuthKey) -> TailnetDevice:
        now, host = self._clock.now().strftime(catalog.TIME), catalog.FIRST_ADDRESS + number - 1
        return TailnetDevice(
            id=str(10000 + number),
            hostname=hostname,
            name=self._free_name(hostname),
            addresses=[f"100.64.0.{host}", f"fd7a:115c:a1e0::{host:x}"],
            created=now,
            last_seen=now,
            machine_key=f"mkey:{secrets.token_hex(32)}",
            node_key=f"nodekey:{secrets.token_hex(32)}",
            tags=list(key.tags),
            ephemeral=key.ephemeral,
        )

    def _free_name(self, hostname: str) -> str:
        """The host name; where a device has it already, with -1, -2 and so on."""
        taken = {device.name for device in self._devices.values()}
        numbered = (f"{hostname}-{number}" for number in count(1))
        return hostname if hostname not in taken else next(n for n in numbered if n not in taken)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
