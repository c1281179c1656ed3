"""Plans, regions and images."""

import pytest

from rehearsal.clouds.linode import catalog
from tests.rehearsal.clouds.client import cloud_clients


@pytest.mark.parametrize(
    ("plan", "monthly"),
    [("g6-nanode-1", 5), ("g6-standard-1", 12), ("g6-standard-2", 24), ("g6-standard-4", 48)],
)
def test_the_plans_have_linodes_list_prices(plan: str, monthly: int) -> None:
    answer = cloud_clients().linode.get(f"/v4/linode/types/{plan}").json()
    assert answer["price"]["monthly"] == monthly


@pytest.mark.parametrize(("region", "available"), [("ca-central", False), ("us-ord", True)])
def test_a_region_lists_the_availability_of_gpu_plans_only(region: str, available: bool) -> None:
    path = f"/v4/regions/{region}/availability"
    rows = cloud_clients().linode.get(path, headers={"Authorization": ""}).json()
    assert {"region": region, "plan": "g2-gpu-rtx4000a1-s", "available": available} in rows
    assert not [row for row in rows if row["plan"] == "g6-nanode-1"]


def test_every_region_offers_servers_firewalls_and_user_data() -> None:
    for region in catalog.rows("regions"):
        assert {"Linodes", "Cloud Firewall", "Metadata"} <= set(region["capabilities"]), region


def test_debian_13_can_read_user_data() -> None:
    image = cloud_clients().linode.get("/v4/images/linode/debian13").json()
    assert image["capabilities"] == ["cloud-init"]
