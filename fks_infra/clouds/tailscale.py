"""The few calls of Tailscale's API the steps need, with the operator's own credentials."""

import base64
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

from fks_infra.clouds import credentials as credential
from fks_infra.clouds.http import Question, RefusedError, send

_RANGE = ip_network("100.64.0.0/10")
_REMEDY = (
    "TAILSCALE_API_KEY, or TAILSCALE_OAUTH_CLIENT_ID and its secret (hidden), must be good and "
    "allowed to read and write the devices and keys of this tailnet; renew them in the admin "
    "console and export them."
)


@dataclass(frozen=True, kw_only=True)
class Device:
    """A machine in the tailnet."""

    id: str
    hostname: str
    created: str
    addresses: tuple[str, ...]
    tags: frozenset[str] = frozenset()

    @property
    def address(self) -> str | None:
        """Its IPv4 address in the tailnet."""
        return next((a for a in self.addresses if ":" not in a and ip_address(a) in _RANGE), None)


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """From the same variables as Tailscale's provider reads."""

    base_url: str
    tailnet: str
    api_key: str
    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        return f"Credentials({self.base_url}, {self.tailnet})"

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Credentials":
        """Take an API key, else an OAuth client; RefusedError for neither, or a broken one."""
        found = cls(
            base_url=environ.get("TAILSCALE_BASE_URL", "https://api.tailscale.com").rstrip("/"),
            tailnet=environ.get("TAILSCALE_TAILNET", "") or "-",
            api_key=credential.read(environ, "TAILSCALE_API_KEY"),
            client_id=credential.read(environ, "TAILSCALE_OAUTH_CLIENT_ID"),
            client_secret=credential.read(environ, "TAILSCALE_OAUTH_CLIENT_SECRET"),
        )
        if not found.api_key and not (found.client_id and found.client_secret):
            raise RefusedError(
                "No Tailscale credentials in the environment. Export TAILSCALE_API_KEY, or "
                "TAILSCALE_OAUTH_CLIENT_ID and TAILSCALE_OAUTH_CLIENT_SECRET."
            )
        return found

    @property
    def basic(self) -> str:
        """The Authorization header of an API key."""
        return "Basic " + base64.b64encode(f"{self.api_key}:".encode()).decode()

    @property
    def log_in(self) -> Question:
        """What an OAuth client asks an access token with."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        return Question(
            method="POST",
            url=f"{self.base_url}/api/v2/oauth/token",
            headers={"Accept": "application/json"},
            form=urllib.parse.urlencode(form).encode(),
        )


class Tailnet:
    """Finds and removes devices and keys of one tailnet."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._authorization = ""

    def newest(self, hostname: str, tags: frozenset[str] = frozenset()) -> Device | None:
        """The device that joined under this name with these tags; of several the one made last.

        Anybody in the tailnet may choose a name; tags come with the key.
        """
        fitting = [device for device in self.named(hostname) if tags <= device.tags]
        return max(fitting, key=lambda device: device.created, default=None)

    def named(self, hostname: str) -> list[Device]:
        """All devices that joined under this name."""
        tailnet = urllib.parse.quote(self._credentials.tailnet, safe="-")
        answer = self._call("GET", f"/api/v2/tailnet/{tailnet}/devices")
        devices = [_device(entry) for entry in (answer or {}).get("devices", [])]
        return [device for device in devices if device.hostname == hostname]

    def remove(self, device: Device) -> None:
        """Take a device out; one that is already gone is fine."""
        self._call("DELETE", f"/api/v2/device/{urllib.parse.quote(device.id)}", gone_is_fine=True)

    def keys(self, description: str) -> list[str]:
        """The ids of the auth keys so described; the list has no descriptions, only each key."""
        answer = self._call("GET", f"{self._keys}?all=true") or {}
        ids = [str(entry["id"]) for entry in answer.get("keys", [])]
        described = {key: self._call("GET", self._key(key), gone_is_fine=True) for key in ids}
        return [key for key, found in described.items() if _is_auth_key(found, description)]

    def remove_key(self, key: str) -> None:
        """Take a key away; one that is already gone is fine."""
        self._call("DELETE", self._key(key), gone_is_fine=True)

    @property
    def _keys(self) -> str:
        return f"/api/v2/tailnet/{urllib.parse.quote(self._credentials.tailnet, safe='-')}/keys"

    def _key(self, key: str) -> str:
        return f"{self._keys}/{urllib.parse.quote(key)}"

    def _call(self, method: str, path: str, *, gone_is_fine: bool = False) -> Any:
        if not self._authorization:
            self._authorization = self._log_in()
        headers = {"Authorization": self._authorization, "Accept": "application/json"}
        url = f"{self._credentials.base_url}{path}"
        question = Question(method=method, url=url, headers=headers)
        return send(question, _REMEDY, gone_is_fine=gone_is_fine)

    def _log_in(self) -> str:
        known = self._credentials
        if known.api_key:
            return known.basic
        return f"Bearer {send(known.log_in, _REMEDY)['access_token']}"


def _is_auth_key(found: Mapping[str, Any] | None, description: str) -> bool:
    # Access tokens and OAuth clients are keys too; older answers do not say which it is.
    return bool(
        found and found.get("keyType", "auth") == "auth" and found.get("description") == description
    )


def _device(entry: Mapping[str, Any]) -> Device:
    return Device(
        id=str(entry.get("id") or entry.get("nodeId")),
        hostname=str(entry.get("hostname", "")),
        created=str(entry.get("created", "")),
        addresses=tuple(entry.get("addresses") or ()),
        tags=frozenset(entry.get("tags") or ()),
    )
