"""The steps of an update in place, in the real provider's order."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any, Final

from rehearsal.plugins.bridge.names import snake, snakes
from rehearsal.plugins.linode.api import Events, Linode, LinodeError
from rehearsal.plugins.values import Values

SIMPLE: Final = ("alerts", "label", "tags", "watchdogEnabled")


class StepError(Exception):
    """A failed step, with the provider's text."""


def hashed_order(tags: list[str]) -> list[str]:
    """Members of a set in the order the older plugin SDK sends them: by their hash, as text."""
    return sorted(tags, key=lambda tag: str(zlib.crc32(f"{tag};".encode())))


def value_to_send(name: str, value: Any) -> Any:
    """A property as the API expects it."""
    return hashed_order(value or []) if name == "tags" else snakes(value)


@dataclass(kw_only=True)
class Update:
    """One update; `changed` names the properties that differ."""

    api: Linode
    id: int
    state: Values
    plan: Values
    changed: set[str]
    deadline: float

    @property
    def path(self) -> str:
        """The instance's path."""
        return f"/linode/instances/{self.id}"

    def run(self) -> None:
        """All steps; raises `StepError`."""
        self.api.get(self.path)
        self._simple()
        self._region()
        resized = self._type()
        self.api.pages(f"{self.path}/disks")
        configs = self._configs()
        if resized and configs:
            self._do("linode_reboot", "reboot", {"config_id": configs[0]["id"]})
            self.api.wait_for_status(self.path, "running", self.deadline)

    def _simple(self) -> None:
        names = [name for name in SIMPLE if name in self.changed]
        if names:
            body = {snake(name): value_to_send(name, self.plan[name]) for name in names}
            try:
                self.api.put(self.path, body)
            except LinodeError as error:
                raise StepError(f"Error updating Instance {self.id}: {error}") from error

    def _region(self) -> None:
        if "region" not in self.changed:
            return
        body = {"type": self.plan["migrationType"], "region": self.plan["region"]}
        self._do("linode_migrate_datacenter", "migrate", body)
        self.api.get(self.path)

    def _type(self) -> bool:
        """Resize to another plan; returns whether there was one."""
        old = self.api.get(f"/linode/types/{self.state['type']}")
        if "type" not in self.changed:
            return False
        new = self.api.get(f"/linode/types/{self.plan['type']}")
        if new["disk"] < old["disk"]:
            text = "failed to change instance type: the disks do not fit the smaller type"
            raise StepError(
                f"{text} {new['id']}: did you try to resize a linode with default disks?"
            )
        self.api.get(self.path)
        self.api.post(f"{self.path}/shutdown", {})
        self.api.wait_for_status(self.path, "offline", self.deadline)
        body = {
            "type": self.plan["type"],
            "migration_type": self.plan["migrationType"],
            "allow_auto_disk_resize": self.plan["resizeDisk"],
        }
        self._do("linode_resize", "resize", body)
        self.api.get(self.path)
        return True

    def _configs(self) -> list[Any]:
        """Write every configuration profile in the state again, changed or not."""
        found = self.api.pages(f"{self.path}/configs")
        ids = {config["label"]: config["id"] for config in found}
        for config in self.state.get("configs") or []:
            if config["label"] in ids:
                self.api.put(f"{self.path}/configs/{ids[config['label']]}", _config_body(config))
        return found

    def _do(self, action: str, path: str, body: Values) -> None:
        """Start an operation and wait for its event."""
        events = Events(self.api, self.id, action)
        self.api.post(f"{self.path}/{path}", body)
        events.wait(self.deadline)


def _config_body(config: Values) -> Values:
    devices = {
        slot: {"disk_id": disk["diskId"]} for slot, disk in config["devices"].items() if disk
    }
    names = ("label", "comments", "helpers", "memoryLimit", "kernel", "rootDevice", "runLevel")
    same: Values = snakes({name: config[name] for name in (*names, "virtMode")})
    return {**same, "devices": devices, "interfaces": None, "init_rd": None}
