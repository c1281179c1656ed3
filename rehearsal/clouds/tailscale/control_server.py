"""What the API needs from the control server behind it."""

from typing import Any, Protocol

from rehearsal.clouds.tailscale.devices import Device
from rehearsal.clouds.tailscale.keys import Key

Json = dict[str, Any]


class ControlServer(Protocol):
    """Lets devices in by key, and knows the devices it let in."""

    def issue(self, key: Key, /) -> str:
        """Make the key valid and return its text, which nobody keeps."""

    def used(self, keys: list[Key], /) -> set[str]:
        """The ids of those keys that have let a device in."""

    def revoke(self, key: Key, /) -> None:
        """From now on it lets nobody in."""

    def devices(self) -> list[Device]:
        """All devices."""

    def remove(self, device: Device, /) -> None:
        """Take a device out; it has to register again."""

    def policy(self) -> Json:
        """Who may talk to whom in the tailnet."""

    def dump(self) -> Json:
        """Plain data for the state file."""

    def load(self, state: Json, /) -> None:
        """Take `dump`'s data back."""
