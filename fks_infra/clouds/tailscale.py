"""Tailscale's API: devices, auth keys, the policy and the OAuth client of one tailnet.

https://tailscale.com/api
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fks_infra.clouds.api import Api
from fks_infra.clouds.http import CALL_SECONDS, RejectedError
from fks_infra.clouds.tailscale_device import Device
from fks_infra.clouds.tailscale_login import CONSOLE, Credentials, Login


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
        return [Device.of(row) for row in self._list("/devices", "devices")]

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
