"""What all applications share: unknown routes and malformed bodies."""

import pytest

from tests.rehearsal.clouds.client import cloud_clients


def test_an_unknown_route_fails_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    here = cloud_clients()
    answer = here.linode.post("/v4/nodebalancers", json={})
    assert answer.status_code == 501
    assert "does not know POST /v4/nodebalancers" in answer.json()["errors"][0]["reason"]
    assert "UNKNOWN ROUTE: linode: POST /v4/nodebalancers" in capsys.readouterr().err
    unknown = here.linode.get("/rehearsal/unknown").json()
    assert [row["path"] for row in unknown] == ["/v4/nodebalancers"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v4/linode/instances/1/ips"),
        ("POST", "/v4/linode/instances/1/disks/2/resize"),
        ("POST", "/v4/linode/instances/1/backups/enable"),
        ("POST", "/v4/networking/firewalls/1/devices"),
        ("DELETE", "/v4/networking/firewalls/1/devices/2"),
        ("POST", "/v4/volumes"),
    ],
)
def test_routes_of_unused_resources_are_unknown(method: str, path: str) -> None:
    assert cloud_clients().linode.request(method, path).status_code == 501


@pytest.mark.parametrize("content", [b"{", b"[]"])
def test_a_body_that_is_not_a_json_object_is_rejected(content: bytes) -> None:
    here = cloud_clients()
    linode = here.linode.post("/v4/linode/instances", content=content)
    assert (linode.status_code, linode.json()) == (400, {"errors": [{"reason": "Invalid JSON"}]})
    tailscale = here.tailscale.post("/api/v2/tailnet/-/keys", content=content)
    assert (tailscale.status_code, tailscale.json()) == (400, {"message": "Invalid JSON"})
