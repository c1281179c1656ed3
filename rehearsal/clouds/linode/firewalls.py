"""Cloud Firewalls: rules, and the instances they are attached to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from rehearsal.clouds.linode import firewall_rules, packet_filter
from rehearsal.clouds.linode.errors import bad, not_found, refused
from rehearsal.clouds.linode.instances import Instance

if TYPE_CHECKING:
    from rehearsal.clouds.linode.models import Linode

Json = dict[str, Any]


@dataclass(kw_only=True)
class Firewall:
    """One firewall; `devices` maps a device's id to (instance id, created)."""

    id: int
    label: str
    status: str
    created: str
    updated: str
    rules: Json
    tags: list[str] = field(default_factory=list)
    devices: dict[int, tuple[int, str]] = field(default_factory=dict)


class Firewalls:
    """All firewalls of one account."""

    def __init__(self, account: Linode) -> None:
        self._account = account
        self._firewalls: dict[int, Firewall] = {}

    def get(self, number: int) -> Firewall:
        """One firewall, or Linode's 404."""
        if number not in self._firewalls:
            raise not_found()
        return self._firewalls[number]

    def views(self) -> list[Json]:
        """All of them as the API lists them."""
        return [self.view(firewall) for firewall in self._firewalls.values()]

    def create(self, wanted: Mapping[str, Any]) -> Json:
        """Make one, attached to the instances named in `devices`."""
        self._check_label(wanted.get("label"))
        rules = firewall_rules.check(wanted.get("rules") or {})
        targets = [self._target(i) for i in (wanted.get("devices") or {}).get("linodes") or []]
        for instance in targets:
            self._check_free(instance)
        moment = self._account.now()
        firewall = Firewall(
            id=self._account.number(),
            label=wanted["label"],
            status="enabled",
            created=moment,
            updated=moment,
            rules=rules,
            tags=list(wanted.get("tags") or []),
        )
        self._firewalls[firewall.id] = firewall
        for instance in targets:
            self.attach(firewall, instance)
        return self.view(firewall)

    def update(self, number: int, wanted: Mapping[str, Any]) -> Json:
        """PUT: label, tags, status."""
        firewall = self.get(number)
        if wanted.get("label") not in (None, firewall.label):
            self._check_label(wanted["label"])
        if wanted.get("status") not in (None, "enabled", "disabled"):
            raise bad("status", "Must be one of enabled, disabled")
        for key in ("label", "tags", "status"):
            if wanted.get(key) is not None:
                setattr(firewall, key, wanted[key])
        firewall.updated = self._account.now()
        self._enforce(firewall)
        return self.view(firewall)

    def update_rules(self, number: int, wanted: Mapping[str, Any]) -> Json:
        """PUT of the rules: all of them at once."""
        firewall = self.get(number)
        version = firewall.rules["version"]
        firewall.rules = {**firewall_rules.check(wanted), "version": version + 1}
        firewall.updated = self._account.now()
        self._enforce(firewall)
        return firewall.rules

    def delete(self, number: int) -> None:
        """Remove it; what it was attached to is open again."""
        firewall = self.get(number)
        del self._firewalls[number]
        self._enforce(firewall)

    def for_new_instance(self, number: Any) -> Firewall | None:
        """The firewall named in a request for an instance, or Linode's 400."""
        if number is None:
            return None
        if number not in self._firewalls:
            raise bad("firewall_id", "firewall_id is not valid")
        return self._firewalls[number]

    def attach(self, firewall: Firewall, instance: Instance) -> Json:
        """Put an instance behind it. An instance has at most one firewall."""
        self._check_free(instance)
        number = self._account.number()
        firewall.devices[number] = (instance.id, self._account.now())
        self._enforce(firewall)
        return self.device(firewall.id, number)

    def attach_by_id(self, number: int, wanted: Mapping[str, Any]) -> Json:
        """POST of a device; only Linodes are known."""
        firewall = self.get(number)
        if wanted.get("type") != "linode":
            raise bad("type", "Must be one of linode")
        return self.attach(firewall, self._target(wanted.get("id")))

    def detach(self, number: int, device_id: int) -> None:
        """Take an instance from behind it."""
        self.device(number, device_id)
        target, _ = self.get(number).devices.pop(device_id)
        self._account.protect(target)

    def ruleset(self, instance: Instance) -> str:
        """The packet filter of an instance: that of its firewall, or none at all."""
        for firewall in self._firewalls.values():
            if instance.id in (target for target, _ in firewall.devices.values()):
                rules = firewall.rules if firewall.status == "enabled" else None
                return packet_filter.script(instance.public_ipv4, rules)
        return packet_filter.CLEAR

    def _enforce(self, firewall: Firewall) -> None:
        for target, _ in firewall.devices.values():
            self._account.protect(target)

    def forget(self, instance_id: int) -> None:
        """An instance is gone, and so are its devices."""
        for firewall in self._firewalls.values():
            for number, (target, _) in list(firewall.devices.items()):
                if target == instance_id:
                    del firewall.devices[number]

    def device(self, number: int, device_id: int) -> Json:
        """One device as the API shows it."""
        firewall = self.get(number)
        if device_id not in firewall.devices:
            raise not_found()
        target, created = firewall.devices[device_id]
        entity = self._entity(target)
        return {"id": device_id, "created": created, "updated": created, "entity": entity}

    def devices(self, number: int) -> list[Json]:
        """All devices of one firewall."""
        return [self.device(number, device_id) for device_id in self.get(number).devices]

    def view(self, firewall: Firewall) -> Json:
        """The firewall as the API shows it."""
        return {
            **{k: v for k, v in asdict(firewall).items() if k != "devices"},
            "entities": [self._entity(target) for target, _ in firewall.devices.values()],
        }

    def dump(self) -> list[Json]:
        """Plain data for the state file."""
        return [asdict(firewall) for firewall in self._firewalls.values()]

    def load(self, rows: list[Json]) -> None:
        """Take `dump`'s data back."""
        for row in rows:
            devices = {int(k): (v[0], v[1]) for k, v in row["devices"].items()}
            self._firewalls[row["id"]] = Firewall(**{**row, "devices": devices})

    def _target(self, instance_id: Any) -> Instance:
        instance = self._account.instances.get(instance_id)
        if instance is None:
            raise bad("devices.linodes", f"Linode {instance_id} was not found")
        return instance

    def _check_free(self, instance: Instance) -> None:
        for other in self._firewalls.values():
            if instance.id in (target for target, _ in other.devices.values()):
                raise refused(f"Linode {instance.id} is already assigned to firewall {other.id}")

    def _entity(self, instance_id: int) -> Json:
        return {
            "id": instance_id,
            "type": "linode",
            "label": self._account.instances[instance_id].label,
            "url": f"/v4/linode/instances/{instance_id}",
            "parent_entity": None,
        }

    def _check_label(self, label: Any) -> None:
        firewall_rules.check_label(label)
        if any(f.label == label for f in self._firewalls.values()):
            raise bad("label", "Label must be unique among your firewalls")
