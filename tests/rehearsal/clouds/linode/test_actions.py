"""Resizing, migration, and the configuration profile."""

from typing import Any

import pytest

from tests.rehearsal.clouds.client import CloudClients, cloud_clients, instance

INSTANCES = "/v4/linode/instances"


def created(here: CloudClients, **fields: Any) -> str:
    """The path of a new instance."""
    answer = here.linode.post(INSTANCES, json=instance(**fields)).json()
    return f"{INSTANCES}/{answer['id']}"


def profile_of(here: CloudClients, path: str) -> dict[str, Any]:
    """The instance's only configuration profile."""
    (profile,) = here.linode.get(f"{path}/configs").json()["data"]
    found: dict[str, Any] = profile
    return found


def test_a_plan_whose_disk_is_too_small_is_rejected() -> None:
    here = cloud_clients()
    path = created(here, type="g6-standard-2")
    answer = here.linode.post(f"{path}/resize", json={"type": "g6-nanode-1"})
    assert answer.status_code == 400
    assert "too large for the new service plan" in answer.json()["errors"][0]["reason"]


def test_a_larger_plan_changes_the_specs_and_makes_an_event() -> None:
    here = cloud_clients()
    path = created(here)
    body = {"type": "g6-standard-4", "migration_type": "cold", "allow_auto_disk_resize": False}
    assert here.linode.post(f"{path}/resize", json=body).status_code == 200
    assert here.linode.get(path).json()["specs"]["memory"] == 8192
    event = here.linode.get("/v4/account/events").json()["data"][0]
    assert (event["action"], event["status"]) == ("linode_resize", "finished")
    again = here.linode.post(f"{path}/resize", json=body)
    assert again.json()["errors"][0]["field"] == "type"


def test_a_migration_changes_the_region_and_makes_an_event() -> None:
    here = cloud_clients()
    path = created(here)
    wrong = here.linode.post(f"{path}/migrate", json={"region": "mars-1"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "region")
    here.linode.post(f"{path}/migrate", json={"type": "cold", "region": "us-east"})
    assert here.linode.get(path).json()["region"] == "us-east"
    event = here.linode.get("/v4/account/events").json()["data"][0]
    assert (event["action"], event["status"]) == ("linode_migrate_datacenter", "finished")


def test_a_profile_is_accepted_unchanged() -> None:
    here = cloud_clients()
    path = created(here)
    profile = profile_of(here, path)
    devices = {k: {"disk_id": v["disk_id"]} for k, v in profile["devices"].items() if v}
    body = {"label": profile["label"], "kernel": profile["kernel"], "interfaces": None}
    answer = here.linode.put(f"{path}/configs/{profile['id']}", json={**body, "devices": devices})
    assert answer.status_code == 200
    assert answer.json()["devices"] == profile["devices"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"interfaces": [{"purpose": "public"}]}, "interfaces"),
        ({"kernel": "linode/latest-64bit"}, "kernel"),
        ({"devices": {"sda": {"disk_id": 1}}}, "devices"),
    ],
)
def test_a_change_of_the_profile_is_not_modelled(change: dict[str, Any], field: str) -> None:
    here = cloud_clients()
    path = created(here)
    answer = here.linode.put(f"{path}/configs/{profile_of(here, path)['id']}", json=change)
    assert answer.status_code == 501
    assert answer.json()["errors"][0]["reason"] == f"not modelled: {field}"
    assert here.linode.put(f"{path}/configs/1", json={}).status_code == 404
