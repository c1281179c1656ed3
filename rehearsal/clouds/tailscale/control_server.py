"""The interface of the control server behind Tailscale's API."""

from typing import Any, Protocol

from rehearsal.clouds.tailscale.auth_key import AuthKey
from rehearsal.clouds.tailscale.devices import TailnetDevice

Json = dict[str, Any]


class ControlServer(Protocol):
    """Admits devices that have an auth key, and lists them."""

    def issue(self, key: AuthKey, /) -> str:
        """Make the key valid and return its text, which is not stored."""

    def used(self, keys: list[AuthKey], /) -> set[str]:
        """The ids of those keys that have admitted a device."""

    def revoke(self, key: AuthKey, /) -> None:
        """Make the key invalid."""

    def devices(self) -> list[TailnetDevice]:
        """All devices."""

    def remove(self, device: TailnetDevice, /) -> None:
        """Remove a device; it has to register again."""

    def policy(self) -> Json:
        """The tailnet's policy."""
