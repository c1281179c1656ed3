"""What can be done to one instance besides power: resize, migrate, addresses, disks, profiles."""

from collections.abc import Mapping
from typing import Any

from rehearsal.clouds.linode import catalog, validation
from rehearsal.clouds.linode.errors import bad, not_found, refused
from rehearsal.clouds.linode.instances import SLOTS
from rehearsal.clouds.linode.models import Linode

Json = dict[str, Any]


def resize(account: Linode, number: int, wanted: Mapping[str, Any]) -> None:
    """Another plan; refused when the disks do not fit into it."""
    instance = account.get(number)
    validation.check_type(wanted.get("type"))
    if wanted["type"] == instance.type:
        raise bad("type", "Linode is already running this service plan.")
    plan = catalog.find("types", wanted["type"])
    assert plan is not None, "check_type found it"
    if sum(disk["size"] for disk in instance.disks) > plan["disk"]:
        raise refused(
            "The current disk size of your Linode is too large for the new service plan. "
            "Please resize your disk to accommodate the new plan."
        )
    event = account.event("linode_resize", instance)
    instance.type = wanted["type"]
    job = account.hypervisor.resize(number, plan["memory"], plan["vcpus"])
    account.follow(job, event, instance, lambda: None)


def migrate(account: Linode, number: int, wanted: Mapping[str, Any]) -> None:
    """Another region; the stand-in only writes it down."""
    instance = account.get(number)
    region = wanted.get("region")
    if region and not catalog.find("regions", region):
        raise bad("region", "region is not valid")
    instance.region = region or instance.region
    account.event("linode_migrate_datacenter", instance).status = "finished"


def add_private_ip(account: Linode, number: int, wanted: Mapping[str, Any]) -> Json:
    """One private address; another public one needs a support ticket, as on a new account."""
    instance = account.get(number)
    if wanted.get("public"):
        raise refused("Additional IPv4 addresses require technical justification.")
    if instance.private_ipv4:
        raise refused("A Linode can have only one private IP address.")
    instance.private_ipv4.append(account.addresses.private())
    account.event("linode_addip", instance).status = "finished"
    return instance.private_view(instance.private_ipv4[-1])


def resize_disk(account: Linode, number: int, disk_id: int, wanted: Mapping[str, Any]) -> None:
    """A disk's new size in MiB; the instance must be off and its plan large enough."""
    instance = account.get(number)
    chosen = _part(instance.disks, disk_id)
    if instance.status != "offline":
        raise refused("Linode must be powered off before this disk can be resized")
    others = sum(disk["size"] for disk in instance.disks if disk["id"] != disk_id)
    if others + wanted["size"] > instance.plan["disk"]:
        raise bad("size", "Insufficient space available for the requested size")
    chosen["size"], chosen["updated"] = wanted["size"], account.now()
    account.event("disk_resize", instance).status = "finished"


def config(account: Linode, number: int, config_id: int) -> Json:
    """One boot profile."""
    return _part(account.get(number).configs, config_id)


def update_config(account: Linode, number: int, config_id: int, wanted: Mapping[str, Any]) -> Json:
    """PUT of a boot profile: what is sent replaces what was there."""
    profile = config(account, number, config_id)
    kept = {key: profile[key] for key in ("id", "created")}
    profile.update({**wanted, **kept, "updated": account.now()})
    profile["interfaces"] = wanted.get("interfaces") or []
    profile["devices"] = {slot: _device(wanted, slot) for slot in SLOTS}
    return profile


def set_backups(account: Linode, number: int, *, enabled: bool) -> None:
    """The backup service, on or off."""
    instance = account.get(number)
    instance.backups_enabled = enabled
    action = "backups_enable" if enabled else "backups_cancel"
    account.event(action, instance).status = "finished"


def _device(wanted: Mapping[str, Any], slot: str) -> Json | None:
    device = (wanted.get("devices") or {}).get(slot)
    return {"disk_id": None, "volume_id": None, **device} if device else None


def _part(parts: list[Json], number: int) -> Json:
    for part in parts:
        if part["id"] == number:
            return part
    raise not_found()
