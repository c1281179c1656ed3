"""Instances: creation, change, removal."""

import base64
from typing import Any

from tests.rehearsal.clouds.client import CloudClients, cloud_clients, instance
from tests.rehearsal.clouds.servers import ManualServers

INSTANCES = "/v4/linode/instances"
TEXT = base64.b64encode(b"#cloud-config\n").decode()
DELETIONS = {
    "X-Filter": '{"+order":"desc","+order_by":"created","action":"linode_delete",'
    '"entity.id":1001,"entity.type":"linode"}'
}


def make(here: CloudClients, **fields: Any) -> dict[str, Any]:
    """An instance that must be accepted."""
    answer = here.linode.post(INSTANCES, json=instance(**fields))
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_two_instances_cannot_share_a_label() -> None:
    here = cloud_clients()
    make(here)
    reason = "Label must be unique among your linodes"
    expected = {"errors": [{"field": "label", "reason": reason}]}
    answer = here.linode.post(INSTANCES, json=instance())
    assert (answer.status_code, answer.json()) == (400, expected)
    path = f"{INSTANCES}/{make(here, label='web-2')['id']}"
    assert here.linode.put(path, json={"label": "web-1"}).json() == expected


def test_label_and_tags_change_in_place() -> None:
    here = cloud_clients()
    path = f"{INSTANCES}/{make(here, tags=['a'])['id']}"
    changed = here.linode.put(path, json={"label": "web-2", "tags": ["b"]}).json()
    assert (changed["label"], changed["tags"]) == ("web-2", ["b"])
    other = here.linode.put(path, json={"watchdog_enabled": False})
    assert other.json()["errors"][0]["reason"] == "not modelled: watchdog_enabled"


def test_alerts_change_in_place_and_start_with_the_defaults_of_the_plan() -> None:
    here = cloud_clients()
    made = make(here)
    path = f"{INSTANCES}/{made['id']}"
    others = {"io": 10000, "network_in": 10, "network_out": 10, "transfer_quota": 80}
    assert made["alerts"] == {"cpu": 90, **others}
    assert here.linode.put(path, json={"alerts": {"cpu": 50, **others}}).status_code == 200
    assert here.linode.get(path).json()["alerts"] == {"cpu": 50, **others}
    refused = here.linode.put(path, json={"alerts": {"cpu": -1, **others}}).json()
    assert refused["errors"][0]["field"] == "alerts.cpu"


def test_an_instance_goes_from_provisioning_over_booting_to_running() -> None:
    servers = ManualServers()
    here = cloud_clients(hypervisor=servers)
    made = make(here, metadata={"user_data": TEXT})
    path = f"{INSTANCES}/{made['id']}"
    assert made["status"] == "provisioning"
    assert here.linode.get(path).json()["status"] == "provisioning"
    servers.finish()
    assert here.linode.get(path).json()["status"] == "booting"
    servers.finish()
    assert here.linode.get(path).json()["status"] == "running"
    machine = servers.machines[made["id"]]
    assert (machine.user_data, machine.memory_mib, machine.vcpus) == (b"#cloud-config\n", 1024, 1)
    assert machine.address == made["ipv4"][0]
    assert servers.calls == [("create", made["id"]), ("boot", made["id"])]


def test_a_server_that_could_not_be_created_shows_the_reason() -> None:
    servers = ManualServers()
    here = cloud_clients(hypervisor=servers)
    path = f"{INSTANCES}/{make(here)['id']}"
    servers.fail("no such image")
    answer = here.linode.get(path)
    assert answer.status_code == 500
    assert "no such image" in answer.json()["errors"][0]["reason"]
    assert here.linode.get("/v4/account/events").json()["data"][0]["status"] == "failed"
    assert here.linode.delete(path).status_code == 200


def test_a_deletion_makes_an_event_that_ends_when_the_machine_is_gone() -> None:
    servers = ManualServers()
    here = cloud_clients(hypervisor=servers)
    path = f"{INSTANCES}/{make(here)['id']}"
    servers.finish(2)
    assert here.linode.get("/v4/account/events", headers=DELETIONS).json()["data"] == []
    assert here.linode.delete(path).status_code == 200
    event = here.linode.get("/v4/account/events", headers=DELETIONS).json()["data"][0]
    assert (event["action"], event["status"]) == ("linode_delete", "started")
    assert here.linode.delete(path).status_code == 404
    servers.finish()
    assert here.linode.get(f"/v4/account/events/{event['id']}").json()["status"] == "finished"
    assert here.linode.get(path).json() == {"errors": [{"reason": "Not found"}]}


def test_a_rebuilt_server_gets_another_address() -> None:
    here = cloud_clients()
    first = make(here)
    here.linode.delete(f"{INSTANCES}/{first['id']}")
    assert make(here)["ipv4"] == ["198.51.100.17"]
    assert first["ipv4"] == ["198.51.100.16"]


def test_an_instance_has_its_address_two_disks_and_a_profile() -> None:
    here = cloud_clients()
    made = make(here)
    path = f"{INSTANCES}/{made['id']}"
    (public,) = here.linode.get(f"{path}/ips").json()["ipv4"]["public"]
    assert (public["address"], public["public"]) == (made["ipv4"][0], True)
    disks = here.linode.get(f"{path}/disks").json()["data"]
    assert [(disk["size"], disk["filesystem"]) for disk in disks] == [
        (25088, "ext4"),
        (512, "swap"),
    ]
    (profile,) = here.linode.get(f"{path}/configs").json()["data"]
    assert profile["devices"]["sda"]["disk_id"] == disks[0]["id"]
