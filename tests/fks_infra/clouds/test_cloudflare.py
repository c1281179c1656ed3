"""Cloudflare's client: one zone by its name, the records of a name, and a deletion."""

import json
from typing import Any

import pytest

from fks_infra.clouds.cloudflare import Cloudflare, Record, Zone
from fks_infra.clouds.http import RejectedError, WrongAddressError
from tests.fks_infra.conftest import ScriptedApi

ZONES = "/zones?name=shop.example&per_page=50"
RECORDS = "/zones/z1/dns_records?name.exact=api.shop.example&per_page=100"
ROW = {"id": "r1", "name": "api.shop.example", "type": "A", "content": "100.64.0.7"}


@pytest.fixture
def cloudflare(api: ScriptedApi) -> Cloudflare:
    environ = {"CLOUDFLARE_BASE_URL": f"{api.base}/", "CLOUDFLARE_API_TOKEN": "canary-token"}
    return Cloudflare.from_environ(environ)


def test_a_zone_is_found_by_its_name(api: ScriptedApi, cloudflare: Cloudflare) -> None:
    api.respond("GET", ZONES, (200, {"result": [{"id": "z1", "name": "shop.example"}]}))
    assert cloudflare.zone("shop.example") == Zone(id="z1", name="shop.example")
    assert api.requests[0].headers["Authorization"] == "Bearer canary-token"


def test_a_token_that_is_limited_to_other_addresses_is_named(
    api: ScriptedApi, cloudflare: Cloudflare
) -> None:
    message = "Cannot use the access token from location: 198.51.100.7"
    api.respond("GET", ZONES, (403, {"errors": [{"code": 9109, "message": message}]}))
    with pytest.raises(WrongAddressError, match="from this machine's address") as raised:
        cloudflare.zone("shop.example")
    assert raised.value.remedy == "Add the address to those from which it may be used"


@pytest.mark.parametrize("rows", [[], [{"id": "z1"}, {"id": "z2"}]])
def test_no_zone_or_several_are_rejected_with_both_remedies(
    api: ScriptedApi, cloudflare: Cloudflare, rows: list[Any]
) -> None:
    api.respond("GET", ZONES, (200, {"result": rows}))
    with pytest.raises(RejectedError) as raised:
        cloudflare.zone("shop.example")
    assert "'shop.example'" in raised.value.detail
    assert f"sees {len(rows)} zones" in raised.value.detail
    assert "pulumi config set fks:zone NAME" in raised.value.remedy
    assert "Zone:Read and DNS:Edit on shop.example" in raised.value.remedy


def test_the_records_of_a_name_have_every_type(api: ScriptedApi, cloudflare: Cloudflare) -> None:
    rows = [ROW, {**ROW, "id": "r2", "type": "CAA", "content": None, "comment": "fks prod"}]
    api.respond("GET", RECORDS, (200, {"result": rows}))
    name = "api.shop.example"
    assert cloudflare.records("z1", name) == [
        Record(id="r1", name=name, type="A", content="100.64.0.7", comment=""),
        Record(id="r2", name=name, type="CAA", content="", comment="fks prod"),
    ]


def test_a_record_is_deleted_by_its_id(api: ScriptedApi, cloudflare: Cloudflare) -> None:
    cloudflare.delete_record("z1", Record(id="r1", name="x", type="A", content="", comment=""))
    assert [(r.method, r.path) for r in api.requests] == [("DELETE", "/zones/z1/dns_records/r1")]


def test_several_records_get_other_contents_by_one_request(
    api: ScriptedApi, cloudflare: Cloudflare
) -> None:
    api.respond("POST", "/zones/z1/dns_records/batch", (200, {"result": {}}))
    cloudflare.change_contents("z1", {"r1": "100.64.0.8", "r2": "100.64.0.9"})
    (request,) = api.requests
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.body) == {
        "patches": [{"id": "r1", "content": "100.64.0.8"}, {"id": "r2", "content": "100.64.0.9"}]
    }
