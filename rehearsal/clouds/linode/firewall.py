"""One Cloud Firewall, and how the API shows it and the instances behind it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from rehearsal.clouds.linode.instances import LinodeInstance

Json = dict[str, Any]


@dataclass(kw_only=True)
class CloudFirewall:
    """One firewall. Instances name it when they are created."""

    id: int
    label: str
    created: str
    updated: str
    rules: Json
    tags: list[str] = field(default_factory=list)

    def view(self, instances: Iterable[LinodeInstance]) -> Json:
        """The firewall as the API shows it; `instances` are those behind it."""
        return {
            **asdict(self),
            "status": "enabled",
            "entities": [_entity(instance) for instance in instances],
        }


def device(instance: LinodeInstance) -> Json:
    """The attachment of an instance to its firewall, as the API shows it."""
    return {
        "id": instance.firewall_device,
        "created": instance.created,
        "updated": instance.created,
        "entity": _entity(instance),
    }


def _entity(instance: LinodeInstance) -> Json:
    return {
        "id": instance.id,
        "type": "linode",
        "label": instance.label,
        "url": f"/v4/linode/instances/{instance.id}",
        "parent_entity": None,
    }
