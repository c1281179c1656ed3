"""The outputs of an instance."""

from __future__ import annotations

from typing import Any, Final

from rehearsal.plugins.bridge.names import camels
from rehearsal.plugins.values import Secret, Values

SLOTS: Final = tuple(f"sd{letter}" for letter in "abcdefgh")
BOOTED: Final = frozenset({"running", "rebooting", "booting"})
PRIVATE: Final = "192.168."
# Outputs that only the API knows.
COMPUTED: Final = (
    *("backups", "capabilities", "configs", "disks", "hasUserData", "hostUuid", "ipAddress"),
    *("ipv6", "lkeClusterId", "locks", "privateIpAddress", "specs", "status"),
    *("bootConfigLabel", "booted", "diskEncryption", "ipv4s", "maintenancePolicy"),
    *("sharedIpv4s", "swapSize"),
)
# Outputs of inputs that are not modelled.
NEVER_SET: Final = (
    *("authorizedUsers", "backupId", "networkHelper", "placementGroup"),
    *("placementGroupExternallyManaged", "stackscriptId"),
)
EMPTY_LISTS: Final = (*("capabilities", "interfaces", "locks", "metadatas", "sharedIpv4s", "tags"),)


def outputs(plan: Values, instance: Any, ips: Any, disks: list[Any], configs: list[Any]) -> Values:
    """The whole state: the plan, overridden by the API's values."""
    public, private = ips["ipv4"]["public"], ips["ipv4"]["private"]
    return {
        **dict.fromkeys(NEVER_SET),
        **plan,
        **_secrets(plan["rootPass"]),
        **_from_instance(instance),
        "image": plan["image"] or instance["image"],
        "interfaces": [],
        "metadatas": plan["metadatas"] or [],
        "bootConfigLabel": configs[0]["label"] if len(configs) == 1 else None,
        "ipAddress": public[0]["address"] if public else "",
        "privateIp": bool(private),
        "privateIpAddress": private[0]["address"] if private else None,
        "sharedIpv4s": sorted(ip["address"] for ip in ips["ipv4"]["shared"]),
        "disks": [_disk(disk) for disk in disks],
        "swapSize": sum(disk["size"] for disk in disks if disk["filesystem"] == "swap"),
        "configs": [_config(config, disks) for config in configs],
    }


def _secrets(root_pass: Any, stackscript_data: Any = None) -> Values:
    return {"rootPass": Secret(root_pass), "stackscriptData": Secret(stackscript_data)}


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
    """Decrypted outputs with their secrets marked again."""
    disks = values.get("disks")
    if disks is not None:
        disks = [{**disk, **_secrets(disk["rootPass"], disk["stackscriptData"])} for disk in disks]
    return {**values, **_secrets(values["rootPass"]), "disks": disks}


def unfinished(plan: Values, instance: Any) -> Values:
    """The state of an instance that was created and did not become ready."""
    addresses = sorted(instance["ipv4"])
    public = [address for address in addresses if not address.startswith(PRIVATE)]
    private = [address for address in addresses if address.startswith(PRIVATE)]
    return {
        **dict.fromkeys((*NEVER_SET, *COMPUTED, "group")),
        **{name: value or None for name, value in plan.items()},
        **{name: plan.get(name) or [] for name in EMPTY_LISTS},
        "resizeDisk": plan["resizeDisk"],
        "watchdogEnabled": plan["watchdogEnabled"],
        "id": str(instance["id"]),
        "ipAddress": public[0] if public else "",
        "ipv4s": addresses,
        "ipv6": instance["ipv6"],
        "privateIpAddress": private[0] if private else None,
        **_secrets(plan["rootPass"]),
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
        "size": disk["size"],
        "stackscriptId": 0,
        **_secrets("", {}),
    }


def _config(config: Any, disks: list[Any]) -> Values:
    labels = {disk["id"]: disk["label"] for disk in disks}
    slots = {name: _slot(config["devices"].get(name), labels) for name in SLOTS}
    names = ("comments", "id", "kernel", "label", "memory_limit", "root_device", "run_level")
    return {
        **camels({name: config[name] for name in (*names, "virt_mode", "helpers")}),
        "devices": slots,
        "interfaces": [],
    }


def _slot(device: Any, labels: dict[int, str]) -> Values | None:
    if device is None:
        return None
    disk = device["disk_id"]
    return {"diskId": disk, "diskLabel": labels.get(disk, ""), "volumeId": 0}
