"""Linode's API at large: tokens, lists, price list, firewalls."""

from typing import Any

import pytest

from rehearsal.clouds.linode import catalog
from tests.rehearsal.clouds.client import desk, instance, rules

FIREWALLS = "/v4/networking/firewalls"


@pytest.mark.parametrize("header", ["", "Bearer real-looking-token", "Basic rehearsal-x"])
def test_only_a_rehearsals_token_opens_the_account(header: str) -> None:
    answer = desk().linode.get("/v4/linode/instances", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json() == {"errors": [{"reason": "Invalid Token"}]}


def test_the_price_list_is_public_but_not_with_a_wrong_token() -> None:
    here = desk()
    assert here.linode.get("/v4/linode/types", headers={"Authorization": ""}).status_code == 200
    wrong = here.linode.get("/v4/linode/types", headers={"Authorization": "Bearer x"})
    assert wrong.status_code == 401


@pytest.mark.parametrize(
    ("plan", "monthly"),
    [("g6-nanode-1", 5), ("g6-standard-1", 12), ("g6-standard-2", 24), ("g6-standard-4", 48)],
)
def test_the_plans_cost_what_linode_asks(plan: str, monthly: int) -> None:
    assert desk().linode.get(f"/v4/linode/types/{plan}").json()["price"]["monthly"] == monthly


def test_the_answers_to_a_token_say_its_scopes() -> None:
    here = desk()
    profile = here.linode.get("/v4/profile")
    assert (profile.status_code, profile.json()["username"]) == (200, "rehearsal")
    assert profile.headers["X-OAuth-Scopes"] == "*"
    assert here.linode.get("/v4/linode/instances/1").headers["X-OAuth-Scopes"] == "*"
    nobody = here.linode.get("/v4/regions", headers={"Authorization": ""})
    assert "X-OAuth-Scopes" not in nobody.headers


@pytest.mark.parametrize(("region", "there"), [("ca-central", False), ("us-ord", True)])
def test_a_region_says_whether_it_has_the_scarce_plans(region: str, there: bool) -> None:
    here = desk()
    path = f"/v4/regions/{region}/availability"
    rows = here.linode.get(path, headers={"Authorization": ""}).json()
    assert {"region": region, "plan": "g2-gpu-rtx4000a1-s", "available": there} in rows
    assert not [row for row in rows if row["plan"] == "g6-nanode-1"]
    assert here.linode.get("/v4/regions/atlantis/availability").status_code == 404


def test_every_region_offers_servers_firewalls_and_user_data() -> None:
    for region in catalog.rows("regions"):
        assert {"Linodes", "Cloud Firewall", "Metadata"} <= set(region["capabilities"]), region


def test_debian_13_can_read_user_data() -> None:
    image = desk().linode.get("/v4/images/linode/debian13").json()
    assert image["capabilities"] == ["cloud-init"]


@pytest.mark.parametrize(
    ("header", "ids"),
    [
        ('{"class":"nanode"}', ["g6-nanode-1"]),
        ('{"+and":[{"+or":[{"class":"gpu"}]},{"vcpus":{"+gt":4}}]}', ["g1-gpu-rtx6000-1"]),
        ('{"label":{"+contains":"2gb"},"class":"standard"}', ["g6-standard-1"]),
        (
            '{"class":"gpu","+order_by":"memory","+order":"desc"}',
            ["g1-gpu-rtx6000-1", "g2-gpu-rtx4000a1-s"],
        ),
    ],
)
def test_a_list_is_filtered_and_ordered_as_the_header_asks(header: str, ids: list[str]) -> None:
    rows = desk().linode.get("/v4/linode/types", headers={"X-Filter": header}).json()["data"]
    assert [row["id"] for row in rows] == ids


@pytest.mark.parametrize("header", ["nonsense", '{"+not":[]}', '{"vcpus":{"+about":1}}'])
def test_a_filter_that_cannot_be_read_is_refused(header: str) -> None:
    answer = desk().linode.get("/v4/linode/types", headers={"X-Filter": header})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "X-Filter"


def test_lists_come_in_pages() -> None:
    here = desk()
    for number in range(30):
        here.linode.post("/v4/linode/instances", json=instance(label=f"web-{number}"))
    query = {"page": 2, "page_size": 25}
    answer = here.linode.get("/v4/linode/instances", params=query).json()
    assert (len(answer["data"]), answer["page"], answer["pages"], answer["results"]) == (
        5,
        2,
        2,
        30,
    )
    assert here.linode.get("/v4/linode/types", params={"page_size": 5}).status_code == 400


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"inbound_policy": "MAYBE"}, "rules.inbound_policy"),
        ({"inbound": [{"action": "accept", "protocol": "TCP"}]}, "rules.inbound[0].action"),
        ({"inbound": [{"action": "ACCEPT", "protocol": "SCTP"}]}, "rules.inbound[0].protocol"),
        (
            {"inbound": [{"action": "ACCEPT", "protocol": "ICMP", "ports": "1"}]},
            "rules.inbound[0].ports",
        ),
        (
            {"inbound": [{"action": "ACCEPT", "protocol": "TCP", "ports": "70000"}]},
            "rules.inbound[0].ports",
        ),
        (
            {
                "outbound": [
                    {"action": "DROP", "protocol": "TCP", "addresses": {"ipv4": ["10.0.0.1"]}}
                ]
            },
            "rules.outbound[0].addresses.ipv4",
        ),
        ({"inbound": [{"action": "ACCEPT", "protocol": "TCP"}] * 26}, "rules"),
    ],
)
def test_a_wrong_rule_is_refused_at_its_place(change: dict[str, Any], field: str) -> None:
    answer = desk().linode.post(FIREWALLS, json={"label": "fw-1", "rules": rules(**change)})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


def test_a_firewall_is_on_the_instance_from_its_creation_and_goes_with_it() -> None:
    here = desk()
    firewall = here.linode.post(FIREWALLS, json={"label": "fw-1", "rules": rules()}).json()
    made = here.linode.post(
        "/v4/linode/instances", json=instance(firewall_id=firewall["id"])
    ).json()
    devices = here.linode.get(f"{FIREWALLS}/{firewall['id']}/devices").json()["data"]
    assert [device["entity"]["id"] for device in devices] == [made["id"]]
    here.linode.delete(f"/v4/linode/instances/{made['id']}")
    assert here.linode.get(f"{FIREWALLS}/{firewall['id']}/devices").json()["data"] == []


def test_an_instance_has_one_firewall_only() -> None:
    here = desk()
    made = here.linode.post("/v4/linode/instances", json=instance()).json()
    body = {"rules": rules(), "devices": {"linodes": [made["id"]]}}
    assert here.linode.post(FIREWALLS, json={"label": "fw-1", **body}).status_code == 200
    second = here.linode.post(FIREWALLS, json={"label": "fw-2", **body})
    assert second.status_code == 400
    assert "already assigned to firewall" in second.json()["errors"][0]["reason"]
    labels = [row["label"] for row in here.linode.get(FIREWALLS).json()["data"]]
    assert labels == ["fw-1"]


def test_an_unknown_route_fails_the_run_loudly(capsys: pytest.CaptureFixture[str]) -> None:
    here = desk()
    answer = here.linode.post("/v4/nodebalancers", json={})
    assert answer.status_code == 501
    assert "does not know POST /v4/nodebalancers" in answer.json()["errors"][0]["reason"]
    assert "UNKNOWN ROUTE: linode: POST /v4/nodebalancers" in capsys.readouterr().err
    assert [row["path"] for row in here.linode.get("/rehearsal/unknown").json()] == [
        "/v4/nodebalancers"
    ]
