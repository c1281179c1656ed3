"""One Linode instance, and how the API shows it."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from rehearsal.clouds.linode import catalog

Json = dict[str, Any]

ON = frozenset({"provisioning", "booting", "rebooting", "running"})
# The only values the stand-in knows.
DEFAULTS: Json = {
    "watchdog_enabled": True,
    "disk_encryption": "enabled",
    "interface_generation": "legacy_config",
    "maintenance_policy": "linode/migrate",
}
_CONSTANTS: Json = {
    **{"group": "", "hypervisor": "kvm", "placement_group": None, "lke_cluster_id": None},
    **{"capabilities": [], "locks": []},
    "backups": {
        **{"enabled": False, "available": False, "last_successful": None},
        "schedule": {"day": None, "window": None},
    },
}
_ALERTS = {"network_in": 10, "network_out": 10, "transfer_quota": 80, "io": 10000}
_SPECS = ("disk", "memory", "vcpus", "gpus", "transfer", "accelerated_devices")


@dataclass(kw_only=True)
class LinodeInstance:
    """A server as the account sees it. User data and passwords are not stored here."""

    id: int
    label: str
    region: str
    type: str
    image: str
    public_ipv4: str
    created: str
    updated: str
    status: str = "provisioning"
    tags: list[str] = field(default_factory=list)
    has_user_data: bool = False
    firewall_id: int | None = None
    firewall_device: int = 0
    disks: list[Json] = field(default_factory=list)
    configs: list[Json] = field(default_factory=list)
    alerts: Json = field(default_factory=dict)
    failure: str = ""

    @property
    def plan(self) -> Json:
        """The catalogue's row of its type."""
        row = catalog.find("types", self.type)
        assert row is not None, f"{self.type} was checked when it was set"
        return row

    def view(self) -> Json:
        """The instance as the API shows it."""
        return {
            **_CONSTANTS,
            **DEFAULTS,
            "id": self.id,
            "label": self.label,
            "status": self.status,
            "created": self.created,
            "updated": self.updated,
            "type": self.type,
            "ipv4": [self.public_ipv4],
            "ipv6": f"2001:db8::{self.id:x}/128",
            "image": self.image,
            "region": self.region,
            "specs": {key: self.plan[key] for key in _SPECS},
            "alerts": {**_ALERTS, "cpu": 90 * self.plan["vcpus"], **self.alerts},
            "tags": self.tags,
            "host_uuid": sha256(f"host {self.id}".encode()).hexdigest()[:40],
            "has_user_data": self.has_user_data,
        }

    def transfer(self) -> Json:
        """The answer of `/transfer`, of a server that has sent nothing."""
        return {"used": 0, "quota": self.plan["transfer"], "billable": 0}

    def ips(self) -> Json:
        """The answer of `/ips`. The IPv6 addresses exist only here."""
        common = {"linode_id": self.id, "region": self.region, "public": True}
        ipv4 = {
            **common,
            "address": self.public_ipv4,
            "gateway": self.public_ipv4.rpartition(".")[0] + ".1",
            "subnet_mask": "255.255.255.0",
            "prefix": 24,
            "type": "ipv4",
            "rdns": self.public_ipv4.replace(".", "-") + ".ip.linodeusercontent.com",
            "vpc_nat_1_1": None,
            "reserved": False,
            "interface_id": None,
        }
        slaac = {
            **common,
            "address": f"2001:db8::{self.id:x}",
            "gateway": "fe80::1",
            "subnet_mask": "ffff:ffff:ffff:ffff::",
            "prefix": 64,
            "type": "ipv6",
            "rdns": None,
        }
        link_local = {**slaac, "address": f"fe80::{self.id:x}", "public": False}
        return {
            "ipv4": {"public": [ipv4], "private": [], "shared": [], "reserved": [], "vpc": []},
            "ipv6": {"slaac": slaac, "link_local": link_local, "global": [], "vpc": []},
        }
