"""Creation, change and removal of instances. Knows nothing of HTTP."""

from collections.abc import Mapping
from typing import Any

from rehearsal.clouds.hypervisor import MachineSpec
from rehearsal.clouds.linode import disks, power, validation
from rehearsal.clouds.linode.account import LinodeAccount
from rehearsal.clouds.linode.errors import bad, check_modelled, not_found
from rehearsal.clouds.linode.instances import DEFAULTS, LinodeInstance

Json = dict[str, Any]


class LinodeCloud(LinodeAccount):
    """One account. The hypervisor does the slow work; the ends of its jobs change the status."""

    def create(self, body: Mapping[str, Any]) -> Json:
        """Create an instance and start to boot it; the answer's status is `provisioning`."""
        user_data = validation.create(body)
        self._check_unique(body.get("label"))
        instance = self._instance(body, has_user_data=bool(user_data))
        event = self.event("linode_create", instance)
        disks.add_disks(instance, self.new_id)
        self.instances[instance.id] = instance
        if instance.firewall_id is not None:
            self.protect(instance)
        answer = instance.view()
        keys = tuple(body.get("authorized_keys") or ())
        job = self.hypervisor.create(_machine(instance, user_data, keys))
        self.follow(job, event, instance, lambda: power.switch(self, instance.id, "booting"))
        return answer

    def update(self, instance_id: int, body: Mapping[str, Any]) -> Json:
        """PUT of an instance: label, tags and all alerts."""
        check_modelled(body, ("label", "tags", "alerts"), DEFAULTS)
        instance = self.get(instance_id)
        if body.get("label") not in (None, instance.label):
            validation.check_label(body["label"])
            self._check_unique(body["label"])
            instance.label = body["label"]
        if body.get("tags") is not None:
            instance.tags = body["tags"]
        if body.get("alerts") is not None:
            instance.alerts = validation.alerts(body["alerts"])
        instance.updated = self.now()
        return instance.view()

    def delete(self, instance_id: int) -> None:
        """Remove an instance. Its event ends when the machine is gone; then its address is free."""
        instance = self.instances.get(instance_id)
        if instance is None or instance.status == "deleting":
            raise not_found()
        event = self.event("linode_delete", instance)
        instance.status, instance.firewall_id = "deleting", None
        job = self.hypervisor.delete(instance_id)
        self.follow(job, event, instance, lambda: self.instances.pop(instance_id, None))

    def _instance(self, body: Mapping[str, Any], *, has_user_data: bool) -> LinodeInstance:
        firewall_id = body.get("firewall_id")
        if firewall_id is not None and firewall_id not in self.firewalls:
            raise bad("firewall_id", "firewall_id is not valid")
        number, now = self.new_id(), self.now()
        return LinodeInstance(
            id=number,
            label=body.get("label") or f"linode{number}",
            region=body["region"],
            type=body["type"],
            image=body["image"],
            public_ipv4=self.addresses.allocate(i.public_ipv4 for i in self.instances.values()),
            created=now,
            updated=now,
            tags=list(body.get("tags") or []),
            has_user_data=has_user_data,
            firewall_id=firewall_id,
            firewall_device=self.new_id(),
        )

    def _check_unique(self, label: Any) -> None:
        if label and any(i.label == label for i in self.instances.values()):
            raise bad("label", "Label must be unique among your linodes")


def _machine(instance: LinodeInstance, user_data: bytes, keys: tuple[str, ...]) -> MachineSpec:
    return MachineSpec(
        id=instance.id,
        label=instance.label,
        address=instance.public_ipv4,
        memory_mib=instance.plan["memory"],
        vcpus=instance.plan["vcpus"],
        user_data=user_data,
        authorized_keys=keys,
    )
