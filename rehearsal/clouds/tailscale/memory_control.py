"""A control server of a few lines, for previews and tests without servers."""

import re
import secrets
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.tailscale import catalog
from rehearsal.clouds.tailscale.devices import Device
from rehearsal.clouds.tailscale.errors import bad_key, failed
from rehearsal.clouds.tailscale.keys import Key, Keys, stamp

Json = dict[str, Any]
_HOSTNAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class MemoryControl:
    """Keys by the digest of their text, and devices that `register` made."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._texts: dict[str, str] = {}
        self._used: set[str] = set()
        self._devices: dict[str, Device] = {}
        self._last, self._next_address = 10000, catalog.FIRST_ADDRESS

    def issue(self, key: Key) -> str:
        """A text in Tailscale's form."""
        text = f"tskey-auth-{key.id}-{secrets.token_hex(16)}"
        self._texts[_digest(text)] = key.id
        return text

    def used(self, keys: list[Key]) -> set[str]:
        """Those `register` took."""
        return {key.id for key in keys} & self._used

    def revoke(self, key: Key) -> None:
        """Forget its text."""
        self._texts = {digest: owner for digest, owner in self._texts.items() if owner != key.id}

    def devices(self) -> list[Device]:
        """All devices."""
        return list(self._devices.values())

    def remove(self, device: Device) -> None:
        """Forget it."""
        del self._devices[device.id]

    def policy(self) -> Json:
        """What a new tailnet has: everybody reaches everything."""
        return catalog.FIRST_POLICY

    def register(self, keys: Keys, wanted: Json) -> Device:
        """A device comes with a key, as `{key, hostname}`; the refusal says why it stays out."""
        hostname = str(wanted.get("hostname") or "").lower()
        if not _HOSTNAME.fullmatch(hostname):
            raise failed(400, f"hostname {hostname!r} is no host name")
        owner = self._texts.get(_digest(str(wanted.get("key") or "")))
        if owner is None:
            raise bad_key("API key does not exist")
        key = keys.redeemable(owner)
        self._used.add(key.id)
        return self._add(key, hostname)

    def _add(self, key: Key, hostname: str) -> Device:
        """A new device; a name that is taken gets -1, -2, ... as in real life."""
        self._last += 1
        now, number = stamp(self._clock.now()), self._next_address
        self._next_address += 1
        device = Device(
            id=str(self._last),
            hostname=hostname,
            name=self._free_name(hostname),
            addresses=[f"100.64.0.{number}", f"fd7a:115c:a1e0::{number:x}"],
            created=now,
            last_seen=now,
            machine_key=f"mkey:{secrets.token_hex(32)}",
            node_key=f"nodekey:{secrets.token_hex(32)}",
            tags=list(key.tags),
            ephemeral=key.ephemeral,
            authorized=key.preauthorized,
        )
        self._devices[device.id] = device
        return device

    def dump(self) -> Json:
        """Plain data for the state file."""
        return {
            "texts": self._texts,
            "used": sorted(self._used),
            "last": self._last,
            "next_address": self._next_address,
            "devices": [asdict(device) for device in self._devices.values()],
        }

    def load(self, state: Json) -> None:
        """Take `dump`'s data back."""
        self._texts, self._used = dict(state["texts"]), set(state["used"])
        self._last, self._next_address = state["last"], state["next_address"]
        self._devices = {row["id"]: Device(**row) for row in state["devices"]}

    def _free_name(self, hostname: str) -> str:
        taken = {device.name for device in self._devices.values()}
        if hostname not in taken:
            return hostname
        return next(n for i in range(1, 1000) if (n := f"{hostname}-{i}") not in taken)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
