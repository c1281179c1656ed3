"""What happens to the instance of a server, as fks_infra/components/machine.py declares it.

Linode's provider changes plan and region in place, and the server is off meanwhile; another
generation replaces the instance and its disk; image and first boot are for new servers only.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fks_infra.impact.impact import Action, Effect

Parts = Mapping[str, Any]

SERVER = "server"
# fks_infra/preflight/protection.py
_PROTECTED = (
    "pulumi up refuses this while the server is protected: to allow it, set fks:protect to false "
    "and run pulumi up first"
)
_SAVE = "copy a backup from the server first (docs/operations.md)"


def data_on(parts: Parts) -> list[str]:
    """The volumes on a server's disk."""
    return sorted({name for one in parts["services"].values() for name in one["volumes"]})


def created(parts: Parts) -> Effect:
    """A server that is not there yet."""
    machine = parts["machine"]
    detail = f"{machine['plan']} in {machine['region']}: {_services(parts)}"
    return Effect(part=SERVER, action=Action.CREATED, detail=detail)


def destroyed(parts: Parts) -> Effect:
    """A server that the other mode does not have."""
    return _lost(parts, Action.DESTROYED)


def rebuilt(parts: Parts) -> Effect:
    """A server with another generation: a new instance with an empty disk."""
    return _lost(parts, Action.REBUILT)


def machine_effects(base: Parts, head: Parts) -> Iterator[Effect]:
    """Of a server that keeps its disk."""
    before, after = base["machine"], head["machine"]
    if before["plan"] != after["plan"]:
        yield _off(head, Action.RESIZED, _resize(before, after))
    if before["region"] != after["region"]:
        data = ", ".join(data_on(base)) or "no data"
        detail = f"{before['region']} → {after['region']}, the disk moves along: {data}; {_SAVE}"
        yield _off(head, Action.MOVED, detail)
    if before["firewall"] != after["firewall"]:
        detail = f"SSH on the public address: {_ranges(before)} → {_ranges(after)}"
        yield Effect(part="firewall", action=Action.UPDATED, detail=detail)
    if any(before[name] != after[name] for name in ("image", "first_boot")):
        detail = "for new servers only, this one keeps what it has"
        yield Effect(part="first boot", action=Action.UPDATED, detail=detail)


def _resize(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    detail = f"{before['plan']} → {after['plan']}, the disk stays"
    if after["disk"] < before["disk"]:
        detail += (
            f"; pulumi up refuses it while the disks use more than {after['disk']} MiB "
            f"(now up to {before['disk']})"
        )
    return detail


def _off(parts: Parts, action: Action, detail: str) -> Effect:
    roles = ", ".join(parts["machine"]["roles"])
    return Effect(
        part=SERVER, action=action, detail=detail, seconds=None, notices=f"all who use {roles}"
    )


def _lost(parts: Parts, action: Action) -> Effect:
    data = data_on(parts)
    sentences = [f"its disk is deleted: {', '.join(data)}" if data else "no data on its disk"]
    sentences += [_SAVE] if data else []
    sentences += [_PROTECTED] if parts["machine"]["protected"] else []
    return _off(parts, action, "; ".join(sentences))


def _services(parts: Parts) -> str:
    return ", ".join([*parts["services"], *parts["builds"]])


def _ranges(machine: Mapping[str, Any]) -> str:
    return ", ".join(machine["firewall"]) or "closed"
