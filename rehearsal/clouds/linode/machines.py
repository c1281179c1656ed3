"""From an instance of the account to the machine a hypervisor makes."""

from collections.abc import Mapping
from typing import Any

from rehearsal.clouds.hypervisor import Machine
from rehearsal.clouds.linode.instances import Instance


def machine_of(instance: Instance, user_data: bytes, wanted: Mapping[str, Any]) -> Machine:
    """The machine behind a new instance."""
    return Machine(
        id=instance.id,
        label=instance.label,
        address=instance.public_ipv4,
        memory_mib=instance.plan["memory"],
        vcpus=instance.plan["vcpus"],
        image=instance.image or "",
        user_data=user_data,
        authorized_keys=tuple(wanted.get("authorized_keys") or ()),
    )
