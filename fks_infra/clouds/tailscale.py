"""Tailscale's API: devices, auth keys, the policy and the OAuth client of one tailnet.

https://tailscale.com/api
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote

from fks_infra.clouds.api import Api
from fks_infra.clouds.http import CALL_SECONDS, RejectedError
from fks_infra.clouds.tailscale_login import CONSOLE, Credentials, Login
from fks_infra.limits import TAILNET_RANGE


@dataclass(frozen=True, kw_only=True)
class Device:
    """A machine of the tailnet. `name` is unique in it, `hostname` is not."""

    id: str
    hostname: str
    name: str = ""
    created: str = ""
    addresses: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()

    @property
    def address(self) -> str | None:
        """Its IPv4 address in the tailnet."""
        return next(
            (a for a in self.addresses if ":" not in a and ip_address(a) in TAILNET_RANGE), None
        )


@dataclass(frozen=True, kw_only=True)
class OAuthClient:
    """What an OAuth client may do. `key_type` is "client", or that of another kind of key."""

    key_type: str
    tags: tuple[str, ...]
    scopes: frozenset[str]


class Tailscale:
    """The client. It logs in once. Errors of every method: RejectedError, UnavailableError."""

    def __init__(self, credentials: Credentials, seconds: float = CALL_SECONDS) -> None:
        self.credentials = credentials
        self._login = Login(credentials, seconds)
        self._tailnet = f"/tailnet/{quote(credentials.tailnet, safe='-')}"
        self._api: Api = self._login.api

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], seconds: float = CALL_SECONDS) -> "Tailscale":
        """From the variables that Tailscale's provider reads; CredentialError without them."""
        return cls(Credentials.read(environ), seconds)

    def log_in(self) -> None:
        """Log in now instead of at the first call."""
        self._login.authorization()

    def devices(self) -> list[Device]:
        """All devices of the tailnet."""
        rows = self._list("/devices", "devices")
        return [_device(row) for row in rows]

    def devices_named(self, hostname: str) -> list[Device]:
        """All devices that joined under this host name."""
        return [device for device in self.devices() if device.hostname == hostname]

    def newest_device(self, hostname: str, tags: frozenset[str] = frozenset()) -> Device | None:
        """The device with this host name and these tags; of several the one created last.

        Every member of the tailnet may choose a host name; tags come with the key.
        """
        matching = [device for device in self.devices_named(hostname) if tags <= device.tags]
        return max(matching, key=lambda device: device.created, default=None)

    def delete_device(self, device: Device) -> None:
        """Remove a device from the tailnet; one that does not exist any more is fine."""
        self._api.delete(f"/device/{quote(device.id)}")

    def auth_keys(self, description: str) -> list[str]:
        """The ids of the auth keys with this description, which only each key's own page shows."""
        ids = [str(row["id"]) for row in self._list("/keys?all=true", "keys")]
        keys = {key: self._api.find(self._key(key)) for key in ids}
        return [key for key, row in keys.items() if row and _is_auth_key(row, description)]

    def delete_key(self, key: str) -> None:
        """Delete a key; one that does not exist any more is fine."""
        self._api.delete(self._key(key))

    def policy(self) -> Mapping[str, Any]:
        """The tailnet's policy file as JSON."""
        policy: Mapping[str, Any] = self._api.get(f"{self._tailnet}/acl")
        return policy

    def oauth_client(self) -> OAuthClient:
        """The OAuth client of these credentials."""
        row = self._api.get(self._key(self.credentials.client_id))
        return OAuthClient(
            key_type=str(row.get("keyType", "client")),
            tags=tuple(row.get("tags") or ()),
            scopes=frozenset(row.get("scopes") or ()),
        )

    def _list(self, path: str, key: str) -> list[Any]:
        found = self._api.find(f"{self._tailnet}{path}")
        if found is None:
            raise RejectedError(
                f"TAILSCALE_TAILNET is {self.credentials.tailnet!r}, which Tailscale does not know",
                f"export TAILSCALE_TAILNET=NAME, with the name {CONSOLE}/settings/general shows, "
                f"or unset TAILSCALE_TAILNET",
            )
        return list(found.get(key) or ())

    def _key(self, key: str) -> str:
        return f"{self._tailnet}/keys/{quote(key)}"


def _is_auth_key(row: Mapping[str, Any], description: str) -> bool:
    # Access tokens and OAuth clients are keys too; older responses have no keyType.
    return row.get("keyType", "auth") == "auth" and row.get("description") == description


def _device(row: Mapping[str, Any]) -> Device:
    return Device(
        id=str(row.get("nodeId") or row.get("id")),
        hostname=str(row.get("hostname", "")),
        name=str(row.get("name", "")).partition(".")[0],
        created=str(row.get("created", "")),
        addresses=tuple(row.get("addresses") or ()),
        tags=frozenset(row.get("tags") or ()),
    )
