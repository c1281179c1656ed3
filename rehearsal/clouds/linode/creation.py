"""How a new instance is made: its fields, its disks, its boot profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rehearsal.clouds.linode.instances import SLOTS, Instance

if TYPE_CHECKING:
    from rehearsal.clouds.linode.models import Linode

Json = dict[str, Any]


def instance(account: Linode, wanted: Mapping[str, Any], *, has_user_data: bool) -> Instance:
    """An instance as it was asked for, not started and without disks."""
    number, moment = account.number(), account.now()
    made = Instance(
        id=number,
        label=wanted.get("label") or f"linode{number}",
        region=wanted["region"],
        type=wanted["type"],
        image=wanted.get("image"),
        public_ipv4=account.addresses.public(i.public_ipv4 for i in account.instances.values()),
        created=moment,
        updated=moment,
        tags=list(wanted.get("tags") or []),
        backups_enabled=bool(wanted.get("backups_enabled")),
        has_user_data=has_user_data,
        disk_encryption=wanted.get("disk_encryption") or "enabled",
        interface_generation=wanted.get("interface_generation") or "legacy_config",
        maintenance_policy=wanted.get("maintenance_policy") or "linode/migrate",
    )
    if wanted.get("private_ip"):
        made.private_ipv4.append(account.addresses.private())
    return made


def add_disks(account: Linode, made: Instance, image: str, swap_size: int | None) -> None:
    """The image's disk, the swap disk, and the profile that boots them."""
    swap = 512 if swap_size is None else swap_size
    moment = made.created
    size = made.plan["disk"] - swap
    made.disks = [
        disk(account.number(), f"{image} Disk", size, "ext4", moment),
        disk(account.number(), f"{swap} MB Swap Image", swap, "swap", moment),
    ]
    ids = [row["id"] for row in made.disks]
    made.configs = [boot_profile(account.number(), image, ids, moment)]


def disk(number: int, label: str, size: int, filesystem: str, moment: str) -> Json:
    """One disk of `size` MiB."""
    return {
        "id": number,
        "label": label,
        "status": "ready",
        "size": size,
        "filesystem": filesystem,
        "disk_encryption": "enabled",
        "created": moment,
        "updated": moment,
    }


def boot_profile(number: int, image: str, disk_ids: list[int], moment: str) -> Json:
    """The configuration profile Linode makes with an image."""
    devices: Json = dict.fromkeys(SLOTS)
    for slot, disk_id in zip(SLOTS, disk_ids, strict=False):
        devices[slot] = {"disk_id": disk_id, "volume_id": None}
    return {
        "id": number,
        "label": f"My {image} Disk Profile",
        "comments": "",
        "devices": devices,
        "helpers": {
            "updatedb_disabled": True,
            "distro": True,
            "modules_dep": True,
            "network": True,
            "devtmpfs_automount": True,
        },
        "interfaces": [],
        "kernel": "linode/grub2",
        "init_rd": None,
        "memory_limit": 0,
        "root_device": "/dev/sda",
        "run_level": "default",
        "virt_mode": "paravirt",
        "created": moment,
        "updated": moment,
    }
