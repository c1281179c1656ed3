"""The account: who owns an address, and a firewall that cannot be loaded."""

from concurrent.futures import Future

import pytest

from rehearsal.clouds.hypervisor import Job, NoServers
from tests.rehearsal.clouds.client import cloud_clients, instance, rules


class BrokenFirewall(NoServers):
    """Loads no ruleset."""

    def protect(self, _machine_id: int, _ruleset: str) -> Job:
        job: Job = Future()
        job.set_exception(RuntimeError("no nft"))
        return job


def test_an_address_belongs_to_the_instance_that_has_it() -> None:
    here = cloud_clients()
    made = here.linode.post("/v4/linode/instances", json=instance()).json()
    account = here.clouds.linode
    assert account.owner(made["ipv4"][0]) == str(made["id"])
    assert account.owner("198.51.100.99") == "198.51.100.99"


def test_an_instance_whose_firewall_was_not_loaded_fails(
    capsys: pytest.CaptureFixture[str],
) -> None:
    here = cloud_clients(hypervisor=BrokenFirewall())
    body = {"label": "fw-1", "rules": rules()}
    firewall = here.linode.post("/v4/networking/firewalls", json=body).json()["id"]
    made = here.linode.post("/v4/linode/instances", json=instance(firewall_id=firewall)).json()
    answer = here.linode.get(f"/v4/linode/instances/{made['id']}")
    assert answer.status_code == 500
    assert "could not load its firewall: no nft" in answer.json()["errors"][0]["reason"]
    assert "FIREWALL NOT LOADED: web-1" in capsys.readouterr().err
