"""Linode's client: filters, pages, prices, and what needs the token."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from fks_infra.clouds import http
from fks_infra.clouds.credentials import CredentialError
from fks_infra.clouds.http import Request, Response
from fks_infra.clouds.linode import Linode
from fks_infra.clouds.linode_types import Instance, Labelled, Plan
from tests.fks_infra.conftest import ScriptedApi

PLAN = {
    "id": "g6-nanode-1",
    "price": {"hourly": 0.0075, "monthly": 5.0},
    "memory": 1024,
    "disk": 25600,
    "vcpus": 1,
    "gpus": 0,
    "region_prices": [{"id": "id-cgk", "hourly": 0.009, "monthly": 6}],
}
NANODE = Plan(
    id="g6-nanode-1",
    memory=1024,
    disk=25600,
    vcpus=1,
    price=5.0,
    region_prices={"id-cgk": 6.0},
    hourly=0.0075,
    region_hourly={"id-cgk": 0.009},
)


def linode(api: ScriptedApi, token: str = "canary-token") -> Linode:
    return Linode.from_environ({"LINODE_URL": api.base, "LINODE_TOKEN": token})


def test_labels_are_filtered_by_linode_and_all_pages_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    requests: list[Request] = []

    def exchange(request: Request, seconds: float) -> Response:
        requests.append(request)
        (number,) = parse_qs(urlsplit(request.url).query)["page"]
        row = {"id": int(number), "label": f"fks-prod-{number}", "tags": ["fks"]}
        body = json.dumps({"data": [row], "page": int(number), "pages": 2}).encode()
        return Response(source=f"within {seconds} s", status=200, body=body)

    monkeypatch.setattr(http, "exchange", exchange)
    found = Linode.from_environ({"LINODE_TOKEN": "a"}).instances(["fks-prod-1", "fks-prod-2"])
    assert found == [
        Labelled(id="1", label="fks-prod-1", tags=frozenset({"fks"})),
        Labelled(id="2", label="fks-prod-2", tags=frozenset({"fks"})),
    ]
    assert requests[0].url.startswith("https://api.linode.com/v4/linode/instances?page=1&")
    labels = [{"label": "fks-prod-1"}, {"label": "fks-prod-2"}]
    assert [json.loads(request.headers["X-Filter"]) for request in requests] == [
        {"+or": labels},
        {"+or": labels},
    ]


def test_a_region_with_its_own_price_has_that_price(api: ScriptedApi) -> None:
    api.respond("GET", "/v4/linode/types/g6-nanode-1", (200, PLAN))
    plan = linode(api).plan("g6-nanode-1")
    assert plan == NANODE
    assert (plan.monthly_price("id-cgk"), plan.monthly_price("ca-central")) == (6.0, 5.0)


def test_all_pages_of_the_plans_are_read(api: ScriptedApi) -> None:
    for number in (1, 2):
        row = {**PLAN, "id": f"g6-nanode-{number}"}
        path = f"/v4/linode/types?page={number}&page_size=500"
        api.respond("GET", path, (200, {"data": [row], "pages": 2}))
    assert linode(api).plans() == [NANODE, replace(NANODE, id="g6-nanode-2")]


def test_unknown_ids_are_none(api: ScriptedApi) -> None:
    client = linode(api)
    found: list[Any] = [client.plan("x"), client.region("x"), client.image("linode/x")]
    found += [client.instance("1"), client.sold_out_plans("x")]
    assert found == [None] * 5


def test_the_catalogue_is_public_and_private_images_are_not(api: ScriptedApi) -> None:
    client = linode(api, token="")
    assert client.region("ca-central") is None
    assert client.image("linode/debian13") is None
    api.respond("GET", "/v4/linode/types?page=1&page_size=500", (200, {"data": [], "pages": 1}))
    assert client.plans() == []
    assert not [r for r in api.requests if "Authorization" in r.headers]
    with pytest.raises(CredentialError, match="LINODE_TOKEN is not set"):
        client.image("private/12")


def test_only_plans_that_are_sold_out_are_listed(api: ScriptedApi) -> None:
    rows = [{"plan": "a", "available": True}, {"plan": "b", "available": False}]
    api.respond("GET", "/v4/regions/us-ord/availability", (200, rows))
    assert linode(api).sold_out_plans("us-ord") == frozenset({"b"})


def test_no_token_is_in_the_clients_repr(api: ScriptedApi) -> None:
    assert "canary" not in repr(linode(api))


def test_prices_of_backups_and_by_the_hour_with_those_of_regions() -> None:
    regional = [{"id": "id-cgk", "hourly": 0.0036, "monthly": 2.4}]
    backups = {"price": {"hourly": 0.003, "monthly": 2.0}, "region_prices": regional}
    plan = Plan.of({**PLAN, "addons": {"backups": backups}, "transfer": 1000})
    assert (plan.hourly_price("ca-central"), plan.hourly_price("id-cgk")) == (0.0075, 0.009)
    assert (plan.backup_price("ca-central"), plan.backup_price("id-cgk")) == (2.0, 2.4)
    assert plan.transfer == 1000


def test_instances_with_age_and_what_they_have_sent(api: ScriptedApi) -> None:
    row = {"id": 7, "label": "fks-prod-web", "type": "g6-nanode-1", "region": "ca-central"}
    row = {**row, "created": "2026-11-01T10:00:00", "backups": {"enabled": True}}
    api.respond("GET", "/v4/linode/instances?page=1&page_size=500", (200, page(row)))
    api.respond("GET", "/v4/linode/instances/7/transfer", (200, {"used": 12, "quota": 1000}))
    (found,) = linode(api).running(["fks-prod-web"])
    assert found == Instance(
        **{"id": "7", "label": "fks-prod-web", "plan": "g6-nanode-1", "region": "ca-central"},
        created=datetime(2026, 11, 1, 10, tzinfo=UTC),
        backups=True,
    )
    assert linode(api).used_transfer("7") == 12


def test_bucket_keys_are_found_by_label_and_deleted(api: ScriptedApi) -> None:
    rows = [{"id": 7, "label": "fks-prod-backup"}, {"id": 8, "label": "other"}]
    path = "/v4/object-storage/keys"
    api.respond("GET", f"{path}?page=1&page_size=500", (200, {"data": rows, "pages": 1}))
    api.respond("GET", f"{path}/7", (200, rows[0]))
    api.respond("GET", f"{path}/9", (404, {}))
    api.respond("DELETE", f"{path}/9", (404, {}))
    found = linode(api)
    assert found.bucket_keys("fks-prod-backup") == ["7"]
    assert (found.has_bucket_key("7"), found.has_bucket_key("9")) == (True, False)
    found.delete_bucket_key("9")
    assert [request.method for request in api.requests] == ["GET", "GET", "GET", "DELETE"]


def page(row: dict[str, Any]) -> dict[str, Any]:
    return {"data": [row], "page": 1, "pages": 1}
