"""Faults on demand."""

from typing import Any

import pytest

from tests.rehearsal.clouds.client import CloudClients, cloud_clients, instance

INSTANCES = "/v4/linode/instances"


def add_fault(here: CloudClients, **values: Any) -> None:
    """Queue a fault through the control API."""
    assert here.linode.post("/rehearsal/faults", json=values).status_code == 200


def test_a_fault_hits_as_many_requests_as_it_says() -> None:
    here = cloud_clients()
    body = {"errors": [{"reason": "Too many requests"}]}
    headers = {"Retry-After": "3"}
    fault = {"method": "GET", "path": "instances$", "status": 429, "count": 2}
    add_fault(here, cloud="linode", body=body, headers=headers, **fault)
    assert here.linode.get("/v4/regions").status_code == 200
    first = here.linode.get(INSTANCES)
    assert (first.status_code, first.headers["retry-after"], first.json()) == (429, "3", body)
    assert [here.linode.get(INSTANCES).status_code for _ in range(2)] == [429, 200]


def test_a_fault_can_be_for_one_client_alone() -> None:
    here = cloud_clients()
    add_fault(here, path="/v4/regions", status=500, agent="certbot/.*")
    certbot = {"User-Agent": "certbot/4"}
    assert here.linode.get("/v4/regions").status_code == 200
    assert here.linode.get("/v4/regions", headers=certbot).status_code == 500


def test_a_fault_without_a_body_has_the_error_shape_of_its_cloud() -> None:
    here = cloud_clients()
    add_fault(here, status=503, count=3)
    assert "errors" in here.linode.get("/v4/regions").json()
    assert here.cloudflare.get("/client/v4/zones").json()["success"] is False
    assert "message" in here.tailscale.get("/api/v2/tailnet/-/devices").json()


def test_a_request_takes_effect_before_a_fault_with_after() -> None:
    here = cloud_clients()
    add_fault(here, method="POST", status=500, after=True)
    assert here.linode.post(INSTANCES, json=instance()).status_code == 500
    assert [i.label for i in here.clouds.linode.instances.values()] == ["web-1"]


@pytest.mark.parametrize(
    ("values", "text"), [({"pathh": "x"}, "unknown fault key 'pathh'"), ({"path": "("}, "'('")]
)
def test_a_wrong_fault_is_rejected(values: dict[str, Any], text: str) -> None:
    answer = cloud_clients().linode.post("/rehearsal/faults", json=values)
    assert answer.status_code == 400
    assert text in answer.json()["error"]


def test_faults_can_be_removed() -> None:
    here = cloud_clients()
    add_fault(here, status=500)
    here.linode.delete("/rehearsal/faults")
    assert here.linode.get("/v4/regions").status_code == 200
