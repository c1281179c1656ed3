"""The real control server headscale, through its REST API (version 0.29)."""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rehearsal.clouds.clock import parse
from rehearsal.clouds.tailscale import catalog
from rehearsal.clouds.tailscale.auth_key import AuthKey
from rehearsal.clouds.tailscale.devices import TailnetDevice
from rehearsal.clouds.tailscale.errors import failed

Json = dict[str, Any]
TIMEOUT = 10
_NEVER_SEEN = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, kw_only=True)
class HeadscaleAccess:
    """The URL of headscale, the key of its API, and the CA file of its certificate."""

    url: str
    api_key: str = field(repr=False)
    ca: str


class HeadscaleControl:
    """Headscale stores keys and nodes. Its failures become Tailscale's 502."""

    def __init__(self, access: HeadscaleAccess) -> None:
        self._access = access
        self._context = ssl.create_default_context(cafile=access.ca)

    def issue(self, key: AuthKey) -> str:
        """Create a preauth key, whose devices get the key's tags."""
        body = {
            "user": self._user(),
            "reusable": key.reusable,
            "ephemeral": key.ephemeral,
            "expiration": key.expires,
            "aclTags": key.tags,
        }
        made = self._call("POST", "preauthkey", body)["preAuthKey"]
        key.control_id = str(made["id"])
        return str(made["key"])

    def used(self, keys: list[AuthKey]) -> set[str]:
        """The ids of those keys that headscale reports as used."""
        rows = self._call("GET", "preauthkey").get("preAuthKeys", [])
        used = {str(row["id"]) for row in rows if row.get("used")}
        return {key.id for key in keys if key.control_id in used}

    def revoke(self, key: AuthKey) -> None:
        """Expire the preauth key now."""
        self._call("POST", "preauthkey/expire", {"id": key.control_id})

    def devices(self) -> list[TailnetDevice]:
        """All nodes."""
        return [_device(row) for row in self._call("GET", "node").get("nodes", [])]

    def remove(self, device: TailnetDevice) -> None:
        """Delete the node; its client has to register again."""
        self._call("DELETE", f"node/{device.id}")

    def policy(self) -> Json:
        """The active policy, which headscale returns as text."""
        policy: Json = json.loads(self._call("GET", "policy")["policy"])
        return policy

    def _user(self) -> str:
        """The id of the only user."""
        return str(self._call("GET", "user")["users"][0]["id"])

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Json:
        request = urllib.request.Request(
            f"{self._access.url}/api/v1/{path}",
            json.dumps(body).encode() if body is not None else None,
            {"Authorization": f"Bearer {self._access.api_key}", "Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT, context=self._context) as answer:
                value: Json = json.load(answer)
                return value
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            raise failed(502, f"headscale: {method} {path}: {error.code} {text}") from error
        except OSError as error:
            raise failed(502, f"headscale: {method} {path}: {error}") from error


def _device(row: Mapping[str, Any]) -> TailnetDevice:
    key = row.get("preAuthKey") or {}
    return TailnetDevice(
        id=str(row["id"]),
        hostname=str(row["name"]),
        name=str(row["givenName"]),
        addresses=list(row["ipAddresses"]),
        created=_time(row["createdAt"]),
        last_seen=_time(row.get("lastSeen") or _NEVER_SEEN),
        machine_key=str(row["machineKey"]),
        node_key=str(row["nodeKey"]),
        tags=list(row.get("tags") or ()),
        ephemeral=bool(key.get("ephemeral")),
        connected=bool(row.get("online")),
    )


def _time(text: str) -> str:
    """Headscale writes nanoseconds, Tailscale whole seconds."""
    moment: datetime = parse(text.removesuffix("Z").partition(".")[0])
    return moment.strftime(catalog.TIME)
