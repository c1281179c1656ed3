"""Linode instances: what is refused, and how they come, change and go."""

import base64
from pathlib import Path
from typing import Any

import pytest

from rehearsal.clouds.hypervisor import NoServers
from rehearsal.clouds.linode import power
from tests.rehearsal.clouds.client import Desk, desk, instance
from tests.rehearsal.clouds.servers import HandServers

INSTANCES = "/v4/linode/instances"
TEXT = base64.b64encode(b"#cloud-config\n").decode()
EVENTS = {
    "X-Filter": '{"+order":"desc","+order_by":"created","action":"linode_delete",'
    '"entity.id":1001,"entity.type":"linode"}'
}


def make(here: Desk, **wanted: Any) -> dict[str, Any]:
    """Create an instance that must be accepted."""
    answer = here.linode.post(INSTANCES, json=instance(**wanted))
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def number_of(here: Desk, label: str) -> int:
    """The id of an instance."""
    return next(i.id for i in here.clouds.linode.instances.values() if i.label == label)


@pytest.mark.parametrize(
    ("wanted", "field", "reason"),
    [
        ({"region": "mars-1"}, "region", "region is not valid"),
        ({"region": None}, "region", "region is required"),
        ({"type": "g9-nope"}, "type", "A valid plan type by that ID was not found"),
        ({"type": None}, "type", "type is required"),
        ({"image": "linode/windows"}, "image", "image is not valid"),
        ({"label": "ab"}, "label", "Length must be 3-64 characters"),
        ({"label": "x" * 65}, "label", "Length must be 3-64 characters"),
        ({"firewall_id": 7}, "firewall_id", "firewall_id is not valid"),
        ({"authorized_keys": ["hello"]}, "authorized_keys", "SSH Key 1 is invalid"),
        (
            {"metadata": {"user_data": "#cloud-config"}},
            "metadata.user_data",
            "user_data must be base64 encoded",
        ),
        (
            {"metadata": {"user_data": base64.b64encode(b"x" * 16385).decode()}},
            "metadata.user_data",
            "decoded user_data must not exceed 16384 bytes",
        ),
        (
            {"image": "linode/slackware15.0", "metadata": {"user_data": TEXT}},
            "metadata",
            "The selected image does not support cloud-init",
        ),
    ],
)
def test_a_wrong_request_is_refused_with_the_field_and_the_reason(
    wanted: dict[str, Any], field: str, reason: str
) -> None:
    answer = desk().linode.post(INSTANCES, json=instance(**wanted))
    assert answer.status_code == 400
    assert answer.json() == {"errors": [{"field": field, "reason": reason}]}


@pytest.mark.parametrize("label", ["-web", "web-", "web--1", "web 1", "wéb"])
def test_a_label_of_odd_characters_is_refused(label: str) -> None:
    answer = desk().linode.post(INSTANCES, json=instance(label=label))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "label"


def test_an_image_needs_a_password_or_a_key() -> None:
    answer = desk().linode.post(INSTANCES, json=instance(authorized_keys=[]))
    assert answer.json()["errors"][0]["field"] == "root_pass"


def test_user_data_of_exactly_the_limit_is_taken() -> None:
    text = base64.b64encode(b"x" * 16384).decode()
    assert make(desk(), metadata={"user_data": text})["has_user_data"] is True


def test_two_instances_cannot_share_a_label() -> None:
    here = desk()
    make(here)
    answer = here.linode.post(INSTANCES, json=instance())
    assert answer.status_code == 400
    reason = "Label must be unique among your linodes"
    assert answer.json() == {"errors": [{"field": "label", "reason": reason}]}


def test_a_field_the_stand_in_does_not_know_fails_the_run() -> None:
    here = desk()
    assert here.linode.post(INSTANCES, json=instance(ipv8="x")).status_code == 501
    assert here.linode.get("/rehearsal/unknown").json()[0]["path"] == INSTANCES


def test_an_instance_goes_from_provisioning_over_booting_to_running() -> None:
    servers = HandServers()
    here = desk(hypervisor=servers)
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
    assert servers.asked == [("create", made["id"]), ("boot", made["id"])]


def test_a_server_that_could_not_be_made_says_why() -> None:
    servers = HandServers()
    here = desk(hypervisor=servers)
    path = f"{INSTANCES}/{make(here)['id']}"
    servers.fail("no such image")
    answer = here.linode.get(path)
    assert answer.status_code == 500
    assert "no such image" in answer.json()["errors"][0]["reason"]
    assert here.linode.get("/v4/account/events").json()["data"][0]["status"] == "failed"
    assert here.linode.delete(path).status_code == 200


def test_deleting_makes_a_new_event_that_ends_with_the_machine() -> None:
    servers = HandServers()
    here = desk(hypervisor=servers)
    path = f"{INSTANCES}/{make(here)['id']}"
    servers.finish()
    servers.finish()
    assert here.linode.get("/v4/account/events", headers=EVENTS).json()["data"] == []
    assert here.linode.delete(path).status_code == 200
    event = here.linode.get("/v4/account/events", headers=EVENTS).json()["data"][0]
    assert (event["action"], event["status"]) == ("linode_delete", "started")
    assert here.linode.delete(path).status_code == 404
    servers.finish()
    assert here.linode.get(f"/v4/account/events/{event['id']}").json()["status"] == "finished"
    assert here.linode.get(path).json() == {"errors": [{"reason": "Not found"}]}


def test_a_rebuilt_server_gets_another_address() -> None:
    here = desk()
    first = make(here)
    here.linode.delete(f"{INSTANCES}/{first['id']}")
    assert make(here)["ipv4"] == ["198.51.100.17"]
    assert first["ipv4"] == ["198.51.100.16"]


def test_a_smaller_plan_is_refused_when_the_disks_do_not_fit() -> None:
    here = desk()
    path = f"{INSTANCES}/{make(here, type='g6-standard-2')['id']}"
    answer = here.linode.post(f"{path}/resize", json={"type": "g6-nanode-1"})
    assert answer.status_code == 400
    assert "too large for the new service plan" in answer.json()["errors"][0]["reason"]
    assert here.linode.post(f"{path}/resize", json={"type": "g6-standard-4"}).status_code == 200
    assert here.linode.get(path).json()["specs"]["memory"] == 8192


def test_the_watchdog_boots_a_server_that_went_off_but_not_for_ever() -> None:
    servers = NoServers()
    here = desk(hypervisor=servers)
    account, number = here.clouds.linode, make(here)["id"]

    def went_off() -> str:
        servers.shutdown(number)
        power.went_off(account, number)
        return account.get(number).status

    assert [went_off() for _ in range(6)] == ["running"] * 5 + ["offline"]
    here.clouds.clock.advance(901)
    power.power(account, number, "booting")
    assert went_off() == "running"


def test_without_the_watchdog_a_server_that_went_off_stays_off() -> None:
    servers = NoServers()
    here = desk(hypervisor=servers)
    path = f"{INSTANCES}/{make(here)['id']}"
    here.linode.put(path, json={"watchdog_enabled": False})
    servers.shutdown(1001)
    power.went_off(here.clouds.linode, 1001)
    assert here.linode.get(path).json()["status"] == "offline"


def test_after_a_restart_what_should_run_is_booted_and_what_was_going_goes(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    servers = HandServers()
    here = desk(hypervisor=servers, state=file)
    for label in ("stays-up", "went-off", "going", "off"):
        make(here, label=label)
        servers.finish()
        servers.finish()
    here.linode.post(f"{INSTANCES}/{number_of(here, 'off')}/shutdown", json={})
    servers.finish()
    here.linode.delete(f"{INSTANCES}/{number_of(here, 'going')}")

    later_servers = HandServers()
    later = desk(hypervisor=later_servers, state=file)
    later_servers.running = {number_of(later, "stays-up")}
    power.recover(later.clouds.linode)
    assert later_servers.asked == [
        ("boot", number_of(later, "went-off")),
        ("delete", number_of(later, "going")),
    ]
    assert later.clouds.linode.get(number_of(later, "off")).status == "offline"


def test_a_server_that_was_shut_down_stays_off() -> None:
    servers = HandServers()
    here = desk(hypervisor=servers)
    number = make(here)["id"]
    servers.finish()
    servers.finish()
    here.linode.post(f"{INSTANCES}/{number}/shutdown", json={})
    power.went_off(here.clouds.linode, number)
    servers.finish()
    assert here.linode.get(f"{INSTANCES}/{number}").json()["status"] == "offline"
    assert servers.asked[-1] == ("shutdown", number)
