"""What the state shows of an instance."""

from __future__ import annotations

from typing import Any, Final

from rehearsal.plugins.bridge.names import camels
from rehearsal.plugins.values import Secret, Values

SLOTS: Final = tuple(f"sd{letter}" for letter in "abcdefgh")
BOOTED: Final = frozenset({"running", "rebooting", "booting"})
PRIVATE: Final = "192.168."
# Outputs that only the API knows.
COMPUTED: Final = (
    *(
        "backups",
        "capabilities",
        "configs",
        "disks",
        "hasUserData",
        "hostUuid",
        "ipAddress",
        "ipv6",
    ),
    *("lkeClusterId", "locks", "privateIpAddress", "specs", "status"),
)
EMPTY: Final = ("capabilities", "interfaces", "locks", "metadatas", "sharedIpv4s", "tags")
NEVER_SET: Final = ("placementGroup", "placementGroupExternallyManaged")


def outputs(plan: Values, instance: Any, ips: Any, disks: list[Any], configs: list[Any]) -> Values:
    """The whole state: the plan, overlaid with what the API said."""
    public, private = ips["ipv4"]["public"], ips["ipv4"]["private"]
    secret = {name: Secret(plan[name]) for name in ("rootPass", "stackscriptData")}
    return {
        **dict.fromkeys(NEVER_SET),
        **plan,
        **secret,
        **_from_instance(instance),
        "image": plan["image"] or instance["image"],
        "metadatas": plan["metadatas"] or [],
        "bootConfigLabel": configs[0]["label"] if len(configs) == 1 else plan["bootConfigLabel"],
        "ipAddress": public[0]["address"] if public else "",
        "privateIp": bool(private),
        "privateIpAddress": private[0]["address"] if private else None,
        "sharedIpv4s": sorted(ip["address"] for ip in ips["ipv4"]["shared"]),
        "disks": [_disk(disk) for disk in disks],
        "swapSize": sum(disk["size"] for disk in disks if disk["filesystem"] == "swap"),
        "configs": [_config(config, disks) for config in configs],
        "interfaces": _interfaces(plan["interfaces"], configs),
    }


def _from_instance(instance: Any) -> Values:
    names = ("group", "has_user_data", "host_uuid", "ipv6", "label", "region", "status", "type")
    more = ("disk_encryption", "interface_generation", "maintenance_policy", "watchdog_enabled")
    backups = instance["backups"]
    schedule = {name: value or "" for name, value in backups["schedule"].items()}
    return {
        **camels({name: instance.get(name) for name in (*names, *more)}),
        "id": str(instance["id"]),
        "alerts": camels(instance["alerts"]),
        "backups": [
            {
                "available": backups["available"],
                "enabled": backups["enabled"],
                "schedules": [schedule],
            }
        ],
        "backupsEnabled": backups["enabled"],
        "booted": instance["status"] in BOOTED,
        "capabilities": sorted(instance.get("capabilities") or []),
        "ipv4s": sorted(instance["ipv4"]),
        "lkeClusterId": instance.get("lke_cluster_id") or 0,
        "locks": sorted(instance.get("locks") or []),
        "specs": [camels(instance["specs"])],
        "tags": sorted(instance["tags"]),
    }


def marked(values: Values) -> Values:
    """Known outputs with the secrets among them marked as such again."""
    secret = {name: Secret(values[name]) for name in ("rootPass", "stackscriptData")}
    disks = [
        {
            **disk,
            "rootPass": Secret(disk["rootPass"]),
            "stackscriptData": Secret(disk["stackscriptData"]),
        }
        for disk in values.get("disks") or []
    ]
    return {**values, **secret, "disks": disks if values.get("disks") is not None else None}


def unfinished(plan: Values, instance: Any) -> Values:
    """The state of an instance that was made but never came up."""
    addresses = sorted(instance["ipv4"])
    public = [address for address in addresses if not address.startswith(PRIVATE)]
    private = [address for address in addresses if address.startswith(PRIVATE)]
    blank = dict.fromkeys((*NEVER_SET, *COMPUTED))
    return {
        **blank,
        **{name: value if value else None for name, value in plan.items() if value is not False},
        **{name: [] for name in EMPTY if not plan.get(name)},
        "resizeDisk": plan["resizeDisk"],
        "watchdogEnabled": plan["watchdogEnabled"],
        "privateIp": plan["privateIp"] or None,
        "id": str(instance["id"]),
        "ipAddress": public[0] if public else "",
        "ipv4s": addresses,
        "ipv6": instance["ipv6"],
        "privateIpAddress": private[0] if private else None,
        "rootPass": Secret(plan["rootPass"]),
        "stackscriptData": Secret(plan["stackscriptData"]),
    }


def _disk(disk: Any) -> Values:
    return {
        "authorizedKeys": [],
        "authorizedUsers": [],
        "filesystem": disk["filesystem"],
        "id": disk["id"],
        "image": "",
        "label": disk["label"],
        "readOnly": False,
        "rootPass": Secret(""),
        "size": disk["size"],
        "stackscriptData": Secret({}),
        "stackscriptId": 0,
    }


def _config(config: Any, disks: list[Any]) -> Values:
    labels = {disk["id"]: disk["label"] for disk in disks}
    slots = {name: _slot(config["devices"].get(name), labels) for name in SLOTS}
    names = ("comments", "id", "kernel", "label", "memory_limit", "root_device", "run_level")
    return {
        **camels({name: config[name] for name in (*names, "virt_mode", "helpers")}),
        "devices": slots,
        "interfaces": [_interface(found, []) for found in config["interfaces"] or []],
    }


def _slot(device: Any, labels: dict[int, str]) -> Values | None:
    if device is None:
        return None
    disk = device.get("disk_id") or 0
    return {
        "diskId": disk,
        "diskLabel": labels.get(disk, ""),
        "volumeId": device.get("volume_id") or 0,
    }


def _interface(found: Any, ranges: list[Any] | None) -> Values:
    return {
        "active": found.get("active") or False,
        "id": found.get("id") or 0,
        "ipRanges": found.get("ip_ranges") or ranges,
        "ipamAddress": found.get("ipam_address") or "",
        "ipv4": None,
        "ipv6": None,
        "label": found.get("label") or "",
        "primary": found.get("primary") or False,
        "purpose": found["purpose"],
        "subnetId": found.get("subnet_id") or 0,
        "vpcId": found.get("vpc_id") or 0,
    }


def _interfaces(planned: list[Any] | None, configs: list[Any]) -> list[Values]:
    """Shown only where the program declares interfaces; a new one has no ranges yet."""
    if not planned or len(configs) != 1:
        return []
    found = configs[0]["interfaces"] or []
    known: list[Any] = [
        *([] if "id" in block else None for block in planned),
        *(None for _ in found),
    ]
    return [_interface(item, ranges) for item, ranges in zip(found, known, strict=False)]
