"""Resizing, migration and the configuration profile of an instance."""

from collections.abc import Mapping
from typing import Any

from rehearsal.clouds.linode import catalog, validation
from rehearsal.clouds.linode.account import LinodeAccount
from rehearsal.clouds.linode.errors import (
    bad,
    check_modelled,
    not_found,
    not_modelled,
    rejected,
)

Json = dict[str, Any]


def resize(account: LinodeAccount, number: int, body: Mapping[str, Any]) -> None:
    """Change the plan; 400 where the disks do not fit into it."""
    check_modelled(body, ("type", "migration_type"))
    instance = account.get(number)
    plan = validation.plan(body.get("type"))
    if plan["id"] == instance.type:
        raise bad("type", "Linode is already running this service plan.")
    if sum(disk["size"] for disk in instance.disks) > plan["disk"]:
        raise rejected(
            "The current disk size of your Linode is too large for the new service plan. "
            "Please resize your disk to accommodate the new plan."
        )
    event = account.event("linode_resize", instance)
    instance.type = plan["id"]
    job = account.hypervisor.resize(number, plan["memory"], plan["vcpus"])
    account.follow(job, event, instance, lambda: None)


def migrate(account: LinodeAccount, number: int, body: Mapping[str, Any]) -> None:
    """Change the region, which is only a field here: the machine stays where it is."""
    instance = account.get(number)
    if not catalog.find("regions", str(body.get("region"))):
        raise bad("region", "region is not valid")
    instance.region = body["region"]
    account.event("linode_migrate_datacenter", instance).status = "finished"


def update_config(
    account: LinodeAccount, number: int, config_id: int, body: Mapping[str, Any]
) -> Json:
    """PUT of the profile. The plugin sends it unchanged at every update; changes are rejected."""
    profile = next((row for row in account.get(number).configs if row["id"] == config_id), None)
    if profile is None:
        raise not_found()
    sent = {**body, "devices": _disks(body.get("devices") or profile["devices"])}
    same = {**profile, "devices": _disks(profile["devices"])}
    for field, value in sent.items():
        if value not in (None, same.get(field)):
            raise not_modelled(field)
    profile["updated"] = account.now()
    return profile


def _disks(devices: Mapping[str, Any]) -> dict[str, Any]:
    return {slot: device.get("disk_id") for slot, device in devices.items() if device}
