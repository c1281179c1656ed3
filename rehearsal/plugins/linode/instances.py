"""linode:index/getInstances:getInstances."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from rehearsal.plugins.base import Call, ProviderError
from rehearsal.plugins.bridge.names import camels
from rehearsal.plugins.linode.api import Linode, LinodeError
from rehearsal.plugins.linode.catalogue import listed, passes
from rehearsal.plugins.linode.instance_fields import FIELDS
from rehearsal.plugins.linode.instance_state import outputs
from rehearsal.plugins.values import Values, plain

# Filters the API takes; the provider itself does the others.
IN_API: Final = frozenset({"group", "id", "image", "label", "region", "tags"})
SHOWN: Final = (
    *("alerts", "backups", "bootConfigLabel", "capabilities", "configs", "diskEncryption", "disks"),
    *("hasUserData", "hostUuid", "image", "interfaceGeneration", "ipAddress", "ipv4s", "ipv6"),
    *("label", "lkeClusterId", "locks", "maintenancePolicy", "privateIpAddress", "region"),
    *("specs", "status", "swapSize", "tags", "type", "watchdogEnabled"),
)
DISK: Final = ("filesystem", "id", "label", "size")


def get_instances(api: Callable[[], Linode], call: Call, arguments: Values) -> Values:
    """All instances that match, each looked at as a resource would be."""
    del call
    linode, filters = api(), arguments.get("filters") or []
    wanted = [
        {"+or": [_equals(item["name"], value) for value in item["values"]]}
        for item in filters
        if item["name"] in IN_API and item.get("matchBy") in (None, "exact")
    ]
    order = {"+order_by": arguments["orderBy"]} if arguments.get("orderBy") else {}
    asked = {"+and": wanted, "+order": arguments.get("order") or "asc", **order}
    try:
        found = linode.pages("/linode/instances", asked)
    except LinodeError as error:
        raise ProviderError(f"failed to get instances: {error}") from error
    try:
        shown = [_instance(linode, instance) for instance in found]
    except LinodeError as error:
        raise ProviderError(f"failed to translate instance to map: {error}") from error
    matching = [item for item in shown if all(passes(item, filter) for filter in filters)]
    return listed(arguments, instances=matching)


def _equals(name: str, text: str) -> Values:
    return {name: int(text) if name == "id" else text}


def _instance(api: Linode, instance: Any) -> Values:
    path = f"/linode/instances/{instance['id']}"
    ips, disks = api.get(f"{path}/ips"), api.pages(f"{path}/disks")
    configs = api.pages(f"{path}/configs")
    state = plain(outputs(dict.fromkeys(FIELDS), instance, ips, disks, configs))
    group = instance.get("placement_group")
    return {
        **{name: state[name] for name in SHOWN},
        "id": instance["id"],
        "configs": [_config(config) for config in state["configs"]],
        "disks": [{name: disk[name] for name in DISK} for disk in state["disks"]],
        "bootConfigLabel": state["bootConfigLabel"] or "",
        "privateIpAddress": state["privateIpAddress"] or "",
        "placementGroups": [camels(group)] if group else [],
    }


def _config(config: Values) -> Values:
    """What a resource has as one block is a list here; of the slots, those in use are shown."""
    slots = {("sda" if name == "sda" else f"{name}s"): d for name, d in config["devices"].items()}
    devices = {name: [device] for name, device in slots.items() if device}
    return {**config, "helpers": [config["helpers"]], "devices": [devices]}
