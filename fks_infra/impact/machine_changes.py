"""What happens to the instance of a server, as fks_infra/components/machine.py declares it.

Linode's provider changes plan and region in place, and the server is off meanwhile; another
generation replaces the instance and its disk; image and first boot are for new servers only.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fks_infra.impact.differences import Parts
from fks_infra.impact.impact import Action, Effect

SERVER = "server"
# fks_infra/preflight/protection.py
_PROTECTED = "while fks:protect is true: set it to false and run pulumi up first"
# fks_infra/preflight/data_loss.py
_UNPROVED = (
    "without a backup proved in the last 24 hours, unless fks:acceptDataLoss names the server"
)
_MIGRATION = "until fks migrate has moved the data, unless fks:acceptDataLoss names the server"
_SAVE = "copy a backup from the server first (docs/operations.md)"


def created(parts: Parts) -> Effect:
    """A server that is not there yet."""
    machine = parts["machine"]
    detail = f"{machine['plan']} in {machine['region']}: {_services(parts)}"
    return Effect(part=SERVER, action=Action.CREATED, detail=detail)


def destroyed(parts: Parts, head: Parts) -> Effect:
    """A server that the other mode does not have; `head` is the inventory with the new servers."""
    successors = [
        f"{name} takes over {role}"
        for name, new in head["servers"].items()
        for role in new["machine"]["roles"]
        if role in parts["machine"]["roles"]
    ]
    return _lost(parts, Action.DESTROYED, successors)


def rebuilt(base: Parts, head: Parts) -> Effect:
    """A server with another generation: a new instance with an empty disk."""
    machine = head["machine"]
    return _lost(base, Action.REBUILT, [f"new: {machine['plan']} in {machine['region']}"])


def machine_effects(base: Parts, head: Parts) -> Iterator[Effect]:
    """Of a server that keeps its disk."""
    before, after = base["machine"], head["machine"]
    if before["plan"] != after["plan"]:
        yield _resized(head, before, after)
    if before["region"] != after["region"]:
        detail = f"{before['region']} → {after['region']}, the disk moves along; {_SAVE}"
        data = _data(base)
        yield _off(base, Action.MOVED, detail, data=data, refused=_UNPROVED if data else "")
    if before["firewall"] != after["firewall"]:
        detail = f"SSH on the public address: {_ranges(before)} → {_ranges(after)}"
        yield Effect(part="firewall", action=Action.UPDATED, detail=detail)
    if any(before[name] != after[name] for name in ("image", "first_boot")):
        detail = "for new servers only, this one keeps what it has"
        yield Effect(part="first boot", action=Action.UPDATED, detail=detail)


def _resized(head: Parts, before: Parts, after: Parts) -> Effect:
    """fks_infra/components/disk.py refuses a disk that is too small."""
    limit = f"while the server's disks use more than the {after['disk']} MiB of {after['plan']}"
    if _data(head):
        limit = f"{limit}, and {_UNPROVED}"
    detail = f"{before['plan']} → {after['plan']}, the disk stays"
    smaller = after["disk"] < before["disk"]
    return _off(head, Action.RESIZED, detail, refused=limit if smaller else "")


def _lost(parts: Parts, action: Action, successors: list[str]) -> Effect:
    data = _data(parts)
    sentences = ["no data on its disk"]
    if data:
        sentences = [f"its disk is deleted, with {', '.join(data)}", _SAVE]
    refused = _refusal(parts, action) if data else ""
    return _off(parts, action, "; ".join([*sentences, *successors]), data=data, refused=refused)


def _refusal(parts: Parts, action: Action) -> str:
    if action is Action.DESTROYED:
        return _MIGRATION
    return _PROTECTED if parts["machine"]["protected"] else _UNPROVED


def _off(
    parts: Parts, action: Action, detail: str, data: tuple[str, ...] = (), refused: str = ""
) -> Effect:
    return Effect(
        part=SERVER,
        action=action,
        detail=detail,
        seconds=None,
        notices=f"all who use {', '.join(parts['machine']['roles'])}",
        data=data,
        refused=refused,
    )


def _data(parts: Parts) -> tuple[str, ...]:
    """The volumes on the server's disk."""
    volumes = {name for service in parts["services"].values() for name in service["volumes"]}
    return tuple(sorted(volumes))


def _services(parts: Parts) -> str:
    return ", ".join([*parts["services"], *parts["builds"]])


def _ranges(machine: Mapping[str, Any]) -> str:
    return ", ".join(machine["firewall"]) or "closed"
