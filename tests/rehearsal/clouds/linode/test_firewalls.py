"""Cloud Firewalls: creation, change, removal, and the servers behind them."""

from typing import Any

import pytest

from rehearsal.clouds.linode.packet_filter import CLEAR
from tests.rehearsal.clouds.client import CloudClients, cloud_clients, instance, rules
from tests.rehearsal.clouds.servers import ManualServers

FIREWALLS, INSTANCES = "/v4/networking/firewalls", "/v4/linode/instances"
CLOSED = rules(inbound=[])


def create(here: CloudClients, **fields: Any) -> dict[str, Any]:
    """A firewall that must be accepted."""
    answer = here.linode.post(FIREWALLS, json={"label": "fw-1", "rules": rules(), **fields})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def protected(servers: ManualServers) -> tuple[CloudClients, int, int]:
    """Clouds with an instance behind a firewall; the ids of firewall and instance."""
    here = cloud_clients(hypervisor=servers)
    firewall = create(here)["id"]
    body = instance(firewall_id=firewall)
    return here, firewall, here.linode.post(INSTANCES, json=body).json()["id"]


def test_a_firewall_can_be_read_and_listed_by_label() -> None:
    here = cloud_clients()
    made = create(here, tags=["fks"])
    assert here.linode.get(f"{FIREWALLS}/{made['id']}").json() == made
    assert here.linode.get(f"{FIREWALLS}/{made['id']}/rules").json() == made["rules"]
    headers = {"X-Filter": '{"+and":[{"+or":[{"label":"fw-1"}]}],"+order":"asc"}'}
    assert here.linode.get(FIREWALLS, headers=headers).json()["data"] == [made]


def test_label_and_tags_change_in_place() -> None:
    here = cloud_clients()
    path = f"{FIREWALLS}/{create(here)['id']}"
    changed = here.linode.put(path, json={"label": "fw-2", "tags": ["a"]}).json()
    assert (changed["label"], changed["tags"]) == ("fw-2", ["a"])


def test_two_firewalls_cannot_share_a_label() -> None:
    here = cloud_clients()
    create(here)
    second = here.linode.post(FIREWALLS, json={"label": "fw-1", "rules": rules()})
    assert second.status_code == 400
    assert second.json()["errors"][0]["reason"] == "Label must be unique among your firewalls"


@pytest.mark.parametrize(
    ("method", "fields", "name"),
    [
        ("POST", {"devices": {"linodes": [1]}}, "devices"),
        ("PUT", {"status": "disabled"}, "status"),
    ],
)
def test_other_fields_are_not_modelled(method: str, fields: dict[str, Any], name: str) -> None:
    here = cloud_clients()
    path = FIREWALLS if method == "POST" else f"{FIREWALLS}/{create(here)['id']}"
    body = {"label": "fw-3", **({"rules": rules()} if method == "POST" else {}), **fields}
    answer = here.linode.request(method, path, json=body)
    assert answer.status_code == 501
    assert answer.json() == {"errors": [{"field": name, "reason": f"not modelled: {name}"}]}
    assert len(here.linode.get("/rehearsal/unknown").json()) == 1


def test_an_instance_is_a_device_of_its_firewall_until_it_is_deleted() -> None:
    here, firewall, number = protected(ManualServers())
    devices = here.linode.get(f"{FIREWALLS}/{firewall}/devices").json()["data"]
    assert [device["entity"]["id"] for device in devices] == [number]
    entities = here.linode.get(f"{FIREWALLS}/{firewall}").json()["entities"]
    assert [entity["label"] for entity in entities] == ["web-1"]
    here.linode.delete(f"{INSTANCES}/{number}")
    assert here.linode.get(f"{FIREWALLS}/{firewall}/devices").json()["data"] == []


def test_the_rules_are_loaded_before_the_server_is_created() -> None:
    servers = ManualServers()
    _, _, number = protected(servers)
    assert servers.calls == [("create", number)]
    assert "tcp dport { 22 } ip saddr 192.0.2.0/24 accept" in servers.rulesets[number]


def test_changed_rules_are_loaded_and_a_deleted_firewalls_rules_are_removed() -> None:
    servers = ManualServers()
    here, firewall, number = protected(servers)
    path = f"{FIREWALLS}/{firewall}"
    changed = here.linode.put(f"{path}/rules", json=CLOSED).json()
    assert changed["version"] == 2
    assert "dport" not in servers.rulesets[number]
    here.linode.delete(path)
    assert servers.rulesets[number] == CLEAR
    assert here.linode.get(path).status_code == 404
