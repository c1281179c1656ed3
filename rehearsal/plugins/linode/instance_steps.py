"""The steps of an update in place, in the real provider's order; each says whether to reboot."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any, Final

from rehearsal.plugins.bridge.names import snake, snakes
from rehearsal.plugins.linode.api import Linode, LinodeError
from rehearsal.plugins.values import Values

SIMPLE: Final = ("alerts", "group", "label", "maintenancePolicy", "tags", "watchdogEnabled")
NO_WAY_BACK: Final = "Removing a Private IP address must be handled through a support ticket"


class StepError(Exception):
    """A step that failed, in the provider's words."""


def hashed_order(tags: list[str]) -> list[str]:
    """Members of a set in the order the older plugin SDK sends them: by their hash, as text."""
    return sorted(tags, key=lambda tag: str(zlib.crc32(f"{tag};".encode())))


def value_to_send(name: str, value: Any) -> Any:
    """A property as the API wants it."""
    return hashed_order(value) if name == "tags" else snakes(value)


@dataclass(kw_only=True)
class Update:
    """One update: `changed` names the properties that differ, `given` those in the program."""

    api: Linode
    id: int
    state: Values
    plan: Values
    changed: set[str]
    given: set[str]
    deadline: float

    @property
    def path(self) -> str:
        """The instance's path."""
        return f"/linode/instances/{self.id}"

    def run(self) -> None:
        """All steps; raises `StepError`."""
        self.api.get(self.path)
        self._simple()
        self._backups()
        reboot = self._private_ip()
        self._region()
        reboot |= self._type()
        reboot |= self._swap()
        self.api.pages(f"{self.path}/disks")
        configs = self._configs()
        boot = configs[0]["id"] if configs else 0
        reboot |= self._interfaces(boot)
        self._shared()
        if reboot and boot and not self.api.skip_reboots and self._may_run():
            self._reboot(boot)
        self._power(boot)

    def _may_run(self) -> bool:
        return "booted" not in self.given or bool(self.plan["booted"])

    def _simple(self) -> None:
        names = [name for name in SIMPLE if name in self.changed]
        if names:
            body = {snake(name): value_to_send(name, self.plan[name]) for name in names}
            try:
                self.api.put(self.path, body)
            except LinodeError as error:
                raise StepError(f"Error updating Instance {self.id}: {error}") from error

    def _backups(self) -> None:
        if "backupsEnabled" in self.changed:
            verb = "enable" if self.plan["backupsEnabled"] else "cancel"
            self.api.post(f"{self.path}/backups/{verb}", {})

    def _private_ip(self) -> bool:
        if "privateIp" not in self.changed:
            return False
        if not self.plan["privateIp"]:
            text = f"Error removing private IP address for Instance {self.id}: {NO_WAY_BACK}"
            raise StepError(text)
        self.api.post(f"{self.path}/ips", {"type": "ipv4", "public": False})
        return True

    def _region(self) -> None:
        if "region" not in self.changed:
            return
        body = {"type": self.plan["migrationType"], "region": self.plan["region"]}
        self._do("linode_migrate_datacenter", "migrate", body)
        self.api.get(self.path)

    def _type(self) -> bool:
        old = self.api.get(f"/linode/types/{self.state['type']}")
        if "type" not in self.changed:
            return False
        new = self.api.get(f"/linode/types/{self.plan['type']}")
        if new["disk"] < old["disk"] and not self.plan["resizeDisk"]:
            text = "failed to change instance type: the disks do not fit the smaller type"
            raise StepError(
                f"{text} {new['id']}: did you try to resize a linode with default disks?"
            )
        self.api.get(self.path)
        self._shut_down()
        body = {
            "type": self.plan["type"],
            "migration_type": self.plan["migrationType"],
            "allow_auto_disk_resize": self.plan["resizeDisk"],
        }
        self._do("linode_resize", "resize", body)
        self.api.get(self.path)
        return True

    def _swap(self) -> bool:
        if "swapSize" not in self.changed:
            return False
        disks = self.api.pages(f"{self.path}/disks")
        swap = next(disk for disk in disks if disk["filesystem"] == "swap")
        main = next(disk for disk in disks if disk["filesystem"] != "swap")
        more = self.plan["swapSize"] - swap["size"]
        sizes = [(main, main["size"] - more), (swap, self.plan["swapSize"])]
        for disk, size in sizes if more > 0 else reversed(sizes):
            self._shut_down()
            self._do("disk_resize", f"disks/{disk['id']}/resize", {"size": size})
            self._wait_for_disk(disk["id"])
        return True

    def _wait_for_disk(self, id: int) -> None:
        path = f"{self.path}/disks"

        def ready() -> bool:
            return any(d["id"] == id and d["status"] == "ready" for d in self.api.pages(path))

        self.api.wait(self.deadline, path, ready)

    def _configs(self) -> list[Any]:
        """Every configuration profile in the state is written again, changed or not."""
        found = self.api.pages(f"{self.path}/configs")
        ids = {config["label"]: config["id"] for config in found}
        for config in self.state.get("configs") or []:
            if config["label"] in ids:
                self.api.put(f"{self.path}/configs/{ids[config['label']]}", _config_body(config))
        return found

    def _interfaces(self, config: int) -> bool:
        if "interfaces" not in self.changed:
            return False
        path = f"{self.path}/configs/{config}"
        self.api.get(path)
        self.api.get(self.path)
        interfaces = [_interface_body(block) for block in self.plan["interfaces"] or []]
        body = {"comments": "", "interfaces": interfaces, "memory_limit": 0, "init_rd": None}
        self.api.put(path, body)
        return True

    def _shared(self) -> None:
        if "sharedIpv4s" in self.changed:
            body = {"ips": self.plan["sharedIpv4s"], "linode_id": self.id}
            self.api.post("/networking/ips/share", body)

    def _reboot(self, config: int) -> None:
        self._do("linode_reboot", "reboot", {"config_id": config})
        self.api.wait_for_status(self.path, "running", self.deadline)

    def _power(self, config: int) -> None:
        """Only a program that says `booted` gets what it says."""
        if "booted" not in self.given:
            return
        running = self.api.get(self.path)["status"] == "running"
        if running and not self.plan["booted"]:
            self._do("linode_shutdown", "shutdown", {})
        elif not running and self.plan["booted"]:
            self._do("linode_boot", "boot", {"config_id": config} if config else {})

    def _shut_down(self) -> None:
        self.api.post(f"{self.path}/shutdown", {})
        self.api.wait_for_status(self.path, "offline", self.deadline)

    def _do(self, action: str, path: str, body: Values) -> None:
        """Start something that takes its time, and wait for its event."""
        events = self.api.events(self.id, action)
        self.api.post(f"{self.path}/{path}", body)
        events.wait(self.deadline)


def _config_body(config: Values) -> Values:
    devices = {
        slot: {"disk_id": device["diskId"]}
        if device.get("diskId")
        else {"volume_id": device["volumeId"]}
        for slot, device in config["devices"].items()
        if device
    }
    names = ("label", "comments", "helpers", "memoryLimit", "kernel", "rootDevice", "runLevel")
    same: Values = snakes({name: config[name] for name in (*names, "virtMode")})
    return {**same, "devices": devices, "interfaces": None, "init_rd": None}


def _interface_body(block: Values) -> Values:
    names = ("ipamAddress", "label", "purpose", "subnetId", "primary", "ipRanges")
    body: Values = snakes({name: block[name] for name in names if block.get(name)})
    return body
