"""What Linode makes with an image: two disks and the configuration profile that boots them."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from rehearsal.clouds.linode import catalog
from rehearsal.clouds.linode.instances import LinodeInstance

Json = dict[str, Any]
SLOTS = ("sda", "sdb", "sdc", "sdd", "sde", "sdf", "sdg", "sdh")
SWAP_MIB = 512


def add_disks(instance: LinodeInstance, new_id: Callable[[], int]) -> None:
    """Give a new instance the image's disk, a swap disk and their profile."""
    created, image = instance.created, instance.image
    main, swap = instance.plan["disk"] - SWAP_MIB, f"{SWAP_MIB} MB Swap Image"
    instance.disks = [
        _disk(new_id(), f"{image} Disk", main, "ext4", created),
        _disk(new_id(), swap, SWAP_MIB, "swap", created),
    ]
    ids = [disk["id"] for disk in instance.disks]
    instance.configs = [_profile(new_id(), image, ids, created)]


def _disk(number: int, label: str, size_mib: int, filesystem: str, created: str) -> Json:
    return {
        "id": number,
        "label": label,
        "status": "ready",
        "size": size_mib,
        "filesystem": filesystem,
        "disk_encryption": "enabled",
        "created": created,
        "updated": created,
    }


def _profile(number: int, image: str, disk_ids: list[int], created: str) -> Json:
    devices: Json = dict.fromkeys(SLOTS)
    for slot, disk_id in zip(SLOTS, disk_ids, strict=False):
        devices[slot] = {"disk_id": disk_id, "volume_id": None}
    return {
        **deepcopy(catalog.CONFIG_PROFILE),
        "id": number,
        "label": f"My {image} Disk Profile",
        "devices": devices,
        "created": created,
        "updated": created,
    }
