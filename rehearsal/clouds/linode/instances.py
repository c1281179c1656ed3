"""One Linode: its fields, its disks and boot profile, and how the API shows them."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from rehearsal.clouds.linode import catalog

Json = dict[str, Any]

ON = frozenset({"provisioning", "booting", "rebooting", "running"})
SLOTS = ("sda", "sdb", "sdc", "sdd", "sde", "sdf", "sdg", "sdh")


@dataclass(kw_only=True)
class Instance:
    """A server as the account sees it. User data and passwords are not kept here."""

    id: int
    label: str
    region: str
    type: str
    image: str | None
    public_ipv4: str
    created: str
    updated: str
    status: str = "provisioning"
    private_ipv4: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    watchdog_enabled: bool = True
    backups_enabled: bool = False
    has_user_data: bool = False
    disk_encryption: str = "enabled"
    interface_generation: str = "legacy_config"
    maintenance_policy: str = "linode/migrate"
    alerts: Json = field(default_factory=dict)
    disks: list[Json] = field(default_factory=list)
    configs: list[Json] = field(default_factory=list)
    failure: str = ""

    @property
    def plan(self) -> Json:
        """Its row of the price list."""
        row = catalog.find("types", self.type)
        assert row is not None, f"{self.type} was checked when it was chosen"
        return row

    def view(self) -> Json:
        """The instance as the API shows it."""
        return {
            "id": self.id,
            "label": self.label,
            "group": "",
            "status": self.status,
            "created": self.created,
            "updated": self.updated,
            "type": self.type,
            "ipv4": [self.public_ipv4, *self.private_ipv4],
            "ipv6": f"2001:db8::{self.id:x}/128",
            "image": self.image,
            "region": self.region,
            "specs": self._specs(),
            "alerts": self.alerts or default_alerts(self.plan["vcpus"]),
            "backups": {
                "enabled": self.backups_enabled,
                "available": False,
                "schedule": {"day": None, "window": None},
                "last_successful": None,
            },
            "hypervisor": "kvm",
            "watchdog_enabled": self.watchdog_enabled,
            "tags": self.tags,
            "host_uuid": sha256(f"host {self.id}".encode()).hexdigest()[:40],
            "has_user_data": self.has_user_data,
            "placement_group": None,
            "disk_encryption": self.disk_encryption,
            "lke_cluster_id": None,
            "capabilities": [],
            "locks": [],
            "interface_generation": self.interface_generation,
            "maintenance_policy": self.maintenance_policy,
        }

    def _specs(self) -> Json:
        keys = ("disk", "memory", "vcpus", "gpus", "transfer", "accelerated_devices")
        return {key: self.plan[key] for key in keys}

    def ips(self) -> Json:
        """The answer of `/ips`."""
        gateway = self.public_ipv4.rsplit(".", 1)[0] + ".1"
        name = self.public_ipv4.replace(".", "-") + ".ip.linodeusercontent.com"
        return {
            "ipv4": {
                "public": [self._ipv4(self.public_ipv4, gateway, "255.255.255.0", 24, name)],
                "private": [self.private_view(address) for address in self.private_ipv4],
                "shared": [],
                "reserved": [],
                "vpc": [],
            },
            "ipv6": {
                "slaac": self._ipv6(f"2001:db8::{self.id:x}", public=True),
                "link_local": self._ipv6(f"fe80::{self.id:x}", public=False),
                "global": [],
                "vpc": [],
            },
        }

    def private_view(self, address: str) -> Json:
        """One private address as the API shows it."""
        return self._ipv4(address, None, "255.255.128.0", 17, None)

    def _ipv4(
        self, address: str, gateway: str | None, mask: str, prefix: int, rdns: str | None
    ) -> Json:
        return {
            "address": address,
            "gateway": gateway,
            "subnet_mask": mask,
            "prefix": prefix,
            "type": "ipv4",
            "public": gateway is not None,
            "rdns": rdns,
            "linode_id": self.id,
            "region": self.region,
            "vpc_nat_1_1": None,
            "reserved": False,
            "interface_id": None,
        }

    def _ipv6(self, address: str, *, public: bool) -> Json:
        return {
            "address": address,
            "gateway": "fe80::1",
            "subnet_mask": "ffff:ffff:ffff:ffff::",
            "prefix": 64,
            "type": "ipv6",
            "public": public,
            "rdns": None,
            "linode_id": self.id,
            "region": self.region,
        }


def default_alerts(vcpus: int) -> Json:
    """The thresholds a new instance gets."""
    return {
        "cpu": 90 * vcpus,
        "network_in": 10,
        "network_out": 10,
        "transfer_quota": 80,
        "io": 10000,
    }
