"""The servers that the stack's outputs list."""

import json
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class DeployedServer:
    """A server in the stack's outputs; `address` is its address in the tailnet, `host_key` as
    `ssh-ed25519 AAAA...`, empty in the outputs of an older program. On the server itself it has no
    address, and `services` are those of its release. `serves`: the DNS records point to it.
    """

    name: str
    roles: tuple[str, ...]
    instance_id: str
    address: str
    host_key: str = ""
    services: tuple[str, ...] = ()
    serves: bool = True


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """The servers in the stack's outputs; `error` says why the outputs could not be read."""

    servers: tuple[DeployedServer, ...] = ()
    error: str = ""

    def of_role(self, role: str) -> DeployedServer | None:
        """The server of a role that the DNS records point to."""
        serving = (server for server in self.servers if server.serves)
        return next((server for server in serving if role in server.roles), None)


def read_from(outputs: "Future[str]") -> Inventory:
    """From the text that pulumi prints, when it has ended."""
    if error := outputs.exception():
        return Inventory(error=str(error))
    try:
        return inventory(json.loads(outputs.result() or "{}"))
    except (ValueError, LookupError, TypeError, AttributeError):
        return Inventory(error="they are not those of this program")


def inventory(outputs: Mapping[str, Any]) -> Inventory:
    """From the stack's outputs by name; without servers where nothing is deployed."""
    servers = (outputs.get("inventory") or {}).get("servers") or {}
    return Inventory(servers=tuple(_server(name, entry) for name, entry in servers.items()))


def _server(name: str, entry: Mapping[str, Any]) -> DeployedServer:
    return DeployedServer(
        name=name,
        roles=tuple(entry["roles"]),
        instance_id=str(entry["instanceId"]),
        address=str(entry["address"]),
        host_key=str(entry.get("hostKey", "")),
        serves=bool(entry.get("serves", True)),
    )
