"""Switching instances on and off."""

import pytest

from tests.rehearsal.clouds.client import cloud_clients, instance
from tests.rehearsal.clouds.servers import ManualServers


@pytest.mark.parametrize(
    ("path", "during", "after"),
    [
        ("shutdown", "shutting_down", "offline"),
        ("boot", "booting", "running"),
        ("reboot", "rebooting", "running"),
    ],
)
def test_the_status_changes_when_the_job_ends(path: str, during: str, after: str) -> None:
    servers = ManualServers()
    here = cloud_clients(hypervisor=servers)
    made = here.linode.post("/v4/linode/instances", json=instance()).json()
    servers.finish(2)
    own = f"/v4/linode/instances/{made['id']}"
    assert here.linode.post(f"{own}/{path}", json={}).json() == {}
    assert here.linode.get(own).json()["status"] == during
    event = here.linode.get("/v4/account/events").json()["data"][0]
    assert (event["action"], event["status"]) == (f"linode_{path}", "started")
    servers.finish()
    assert here.linode.get(own).json()["status"] == after
    assert servers.calls[-1] == (path, made["id"])


def test_an_unknown_instance_is_not_found() -> None:
    answer = cloud_clients().linode.post("/v4/linode/instances/7/boot")
    assert answer.status_code == 404
