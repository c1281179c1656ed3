"""A real control server, headscale, by its REST API (version 0.29)."""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rehearsal.clouds.clock import parse
from rehearsal.clouds.tailscale.devices import Device
from rehearsal.clouds.tailscale.errors import failed
from rehearsal.clouds.tailscale.keys import Key, stamp

Json = dict[str, Any]
TIMEOUT = 10
_NEVER_SEEN = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, kw_only=True)
class Access:
    """Where headscale is, the key of its API, and the CA that its certificate is from."""

    url: str
    api_key: str
    ca: str

    def __repr__(self) -> str:
        return f"Access({self.url})"


class HeadscaleControl:
    """Keys and nodes are headscale's; a failure of its is Tailscale's 502."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._context = ssl.create_default_context(cafile=access.ca)

    def issue(self, key: Key) -> str:
        """Make a preauth key that lets in devices with the key's tags."""
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

    def used(self, keys: list[Key]) -> set[str]:
        """Those headscale says were used."""
        rows = self._call("GET", "preauthkey").get("preAuthKeys", [])
        used = {str(row["id"]) for row in rows if row.get("used")}
        return {key.id for key in keys if key.control_id in used}

    def revoke(self, key: Key) -> None:
        """Let it expire now."""
        self._call("POST", "preauthkey/expire", {"id": key.control_id})

    def devices(self) -> list[Device]:
        """All nodes."""
        return [_device(row) for row in self._call("GET", "node").get("nodes", [])]

    def remove(self, device: Device) -> None:
        """Delete the node; its client has to log in again."""
        self._call("DELETE", f"node/{device.id}")

    def policy(self) -> Json:
        """The policy in force, which headscale hands out as text."""
        found: Json = json.loads(self._call("GET", "policy")["policy"])
        return found

    def dump(self) -> Json:
        """Nothing: headscale keeps its own state."""
        return {}

    def load(self, state: Json) -> None:
        """Nothing to take back."""

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
        except urllib.error.HTTPError as refusal:
            text = refusal.read().decode(errors="replace")
            raise failed(502, f"headscale: {method} {path}: {refusal.code} {text}") from refusal
        except OSError as problem:
            raise failed(502, f"headscale: {method} {path}: {problem}") from problem


def _device(row: Mapping[str, Any]) -> Device:
    key = row.get("preAuthKey") or {}
    return Device(
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
    """Headscale writes nanoseconds, Tailscale seconds."""
    whole = text.removesuffix("Z").partition(".")[0]
    moment: datetime = parse(f"{whole}Z")
    return stamp(moment)
