"""Creation, change and removal of Cloud Firewalls."""

from collections.abc import Mapping
from typing import Any

from rehearsal.clouds.linode import firewall_rules
from rehearsal.clouds.linode.account import LinodeAccount
from rehearsal.clouds.linode.errors import bad, check_modelled
from rehearsal.clouds.linode.firewall import CloudFirewall

Json = dict[str, Any]


def create(account: LinodeAccount, body: Mapping[str, Any]) -> Json:
    """A new firewall with nothing behind it; instances name it when they are created."""
    check_modelled(body, ("label", "rules", "tags"))
    _check_label(account, body.get("label"))
    now = account.now()
    firewall = CloudFirewall(
        id=account.new_id(),
        label=body["label"],
        created=now,
        updated=now,
        rules=firewall_rules.check(body.get("rules") or {}),
        tags=list(body.get("tags") or []),
    )
    account.firewalls[firewall.id] = firewall
    return firewall.view(())


def update(account: LinodeAccount, number: int, body: Mapping[str, Any]) -> Json:
    """PUT of a firewall: label and tags."""
    check_modelled(body, ("label", "tags"), {"status": "enabled"})
    firewall = account.firewall(number)
    if body.get("label") not in (None, firewall.label):
        _check_label(account, body["label"])
        firewall.label = body["label"]
    if body.get("tags") is not None:
        firewall.tags = body["tags"]
    firewall.updated = account.now()
    return firewall.view(account.protected_by(number))


def update_rules(account: LinodeAccount, number: int, body: Mapping[str, Any]) -> Json:
    """PUT of the rules: replaces all of them, also in front of the servers."""
    firewall = account.firewall(number)
    version = firewall.rules["version"] + 1
    firewall.rules = {**firewall_rules.check(body), "version": version}
    firewall.updated = account.now()
    for instance in account.protected_by(number):
        account.protect(instance)
    return firewall.rules


def delete(account: LinodeAccount, number: int) -> None:
    """Remove a firewall; the servers behind it are open again."""
    account.firewall(number)
    for instance in account.protected_by(number):
        instance.firewall_id = None
        account.protect(instance)
    del account.firewalls[number]


def _check_label(account: LinodeAccount, label: Any) -> None:
    firewall_rules.check_label(label)
    if any(firewall.label == label for firewall in account.firewalls.values()):
        raise bad("label", "Label must be unique among your firewalls")
