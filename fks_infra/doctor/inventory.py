"""What the stack's outputs say it has made."""

import json
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A server as the stack's outputs have it; `address` is its own in the tailnet."""

    name: str
    roles: tuple[str, ...]
    instance_id: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """The servers of the stack's outputs; `unread` says why the outputs could not be read."""

    servers: tuple[Placed, ...] = ()
    unread: str = ""

    def of_role(self, role: str) -> Placed | None:
        """The server that carries a role."""
        return next((server for server in self.servers if role in server.roles), None)


def read_from(outputs: "Future[str]") -> Inventory:
    """From pulumi's answer, once there is one."""
    if error := outputs.exception():
        return Inventory(unread=str(error))
    try:
        return inventory(json.loads(outputs.result() or "{}"))
    except (ValueError, LookupError, TypeError, AttributeError):
        return Inventory(unread="they are not those of this program")


def inventory(outputs: Mapping[str, Any]) -> Inventory:
    """From the stack's outputs by name; without any servers where nothing is deployed."""
    servers = (outputs.get("inventory") or {}).get("servers") or {}
    return Inventory(servers=tuple(_placed(name, entry) for name, entry in servers.items()))


def _placed(name: str, entry: Mapping[str, Any]) -> Placed:
    return Placed(
        name=name,
        roles=tuple(entry["roles"]),
        instance_id=str(entry["instanceId"]),
        address=str(entry["address"]),
    )
