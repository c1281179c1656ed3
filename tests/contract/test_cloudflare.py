"""The Cloudflare plugin does what the real one was recorded to do."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.contract.comparison import Step
from tests.contract.declare import Code, Declared, Invoke, Resource
from tests.contract.harness import Engine
from tests.contract.recorded_api import Call
from tests.contract.replayed import Replayed
from tests.contract.scenario import SDK_LEFTOVERS, Cloud, provider_in_state

pytestmark = [pytest.mark.contract, pytest.mark.filterwarnings(SDK_LEFTOVERS)]

RECORD = "cloudflare:index/dnsRecord:DnsRecord"
ZONE = "023e105f4ecef8ad9ca31a8372d0c353"
TOKEN = "0123456789012345678901234567890123456789"
# Resources the program does not declare.
OTHERS = ("zone_setting",)
CHANGES = (
    *("content", "ttl", "name", "type", "proxied", "zone_id"),
    *("comment", "comment_removed", "tags"),
)
# So many scenarios were recorded of those it does declare.
USUAL = {
    "comment": "fks",
    "content": "192.0.2.1",
    "name": "www.example.com",
    "proxied": False,
    "ttl": 300,
    "type": "A",
    "zoneId": ZONE,
}


def record(**inputs: Any) -> list[Declared]:
    values = {**USUAL, **inputs}
    return [Resource("r", RECORD, {n: v for n, v in values.items() if v is not None})]


def record_without_ttl() -> None:
    import pulumi_cloudflare

    arguments = {"zone_id": ZONE, "name": "www.example.com", "type": "A", "content": "192.0.2.1"}
    pulumi_cloudflare.DnsRecord("r", **arguments)  # type: ignore[call-overload]


def zone(**inputs: Any) -> list[Declared]:
    return [Invoke("zone", "cloudflare:index/getZone:getZone", inputs)]


def zones(**inputs: Any) -> list[Declared]:
    return [Invoke("zones", "cloudflare:index/getZones:getZones", inputs)]


def elided(steps: list[Step], calls: list[Call]) -> list[Call]:
    """A creation whose answer was left out: the usual answer for what was asked."""
    del steps
    usual = CLOUD.steps("dns_record_lifecycle")[1]["http"][0]["response"]
    answer = copy.deepcopy(usual)
    answer["result"] |= calls[0].body
    return [Call(calls[0].method, calls[0].path, body=calls[0].body, response=answer)]


def exports(outputs: dict[str, Any]) -> dict[str, Any]:
    """The recorded programs exported a few words of a zone."""
    if "zones" in outputs:
        return {"zones": [{n: z[n] for n in ("id", "name")} for z in outputs["zones"]["results"]]}
    found = outputs["zone"]
    short = {"id": found["id"], "name": found["name"], "zone_id": found["zoneId"]}
    if "filter" not in found:
        return {"zone": short}
    more = {"account": found["account"]["id"], "name_servers": found["nameServers"]}
    return {"zone": {**short, **more, "status": found["status"]}}


def config(address: str, **more: Any) -> dict[str, Any]:
    settings = {"baseUrl": f"http://{address}/client/v4", "apiToken": TOKEN, **more}
    return {f"cloudflare:{name}": value for name, value in settings.items() if value}


def sent(name: str, label: str) -> dict[str, str]:
    """The credentials of a step."""
    del label
    if name == "config_missing":
        return {}
    if name == "config_key_email":
        return {"X-Auth-Key": "key-1", "X-Auth-Email": "one@example.com"}
    return {"Authorization": f"Bearer {TOKEN}"}


CLOUD = Cloud(
    name="cloudflare",
    others=OTHERS,
    programs={
        **{(f"dns_record_change_{name}", "create"): record() for name in CHANGES},
        ("dns_record_no_ttl", "ttl missing"): [Code("r", record_without_ttl)],
        ("dns_record_proxied_ttl", "proxied with ttl 300"): record(proxied=True),
        ("dns_record_proxied_ttl", "ttl below the minimum (ttl=5), preview"): record(ttl=5),
        ("dns_record_bad_type", "type='a'"): record(type="a"),
        ("dns_record_identical_exists", "two resources with the same record"): [
            Resource(
                "r2", RECORD, {n: v for n, v in USUAL.items() if n not in ("comment", "proxied")}
            ),
            Resource("r", RECORD, USUAL, {"depends_on": []}),
        ],
        ("dns_record_api_403", "create"): record(),
        ("get_zone", "by filter name, preview"): zone(
            filter={"match": "all", "name": "example.com"}
        ),
        ("get_zone", "by filter name"): zone(filter={"match": "all", "name": "example.com"}),
        ("get_zone", "by zone id"): zone(zoneId=ZONE),
        ("get_zone", "no match"): zone(filter={"match": "all", "name": "nope.example"}),
        ("get_zone", "neither"): zone(),
        ("get_zones", "by name"): zones(name="example.com"),
        ("get_zones", "all"): zones(),
        ("get_zones", "no match"): zones(name="nope.example"),
        ("config_bad_token_shape", "token 'tok'"): record(),
    },
    config=config,
    configs={
        "config_missing": lambda address: config(address, apiToken=""),
        "config_env": None,
        "config_bad_token_shape": lambda address: config(address, apiToken={"__secret__": "tok"}),
        "config_key_email": lambda address: config(
            address, apiToken="", apiKey="key-1", email="one@example.com"
        ),
    },
    environments={
        ("config_env", ""): lambda address: {
            "CLOUDFLARE_BASE_URL": f"http://{address}/client/v4",
            "CLOUDFLARE_API_TOKEN": TOKEN,
        }
    },
    elided=elided,
    sent=sent,
    exports=exports,
)


class TestRecordings(Replayed):
    total = 29


def test_the_token_is_always_secret_in_state(engine: Engine) -> None:
    title = "cloudflare, apiToken set without --secret"
    assert not provider_in_state(CLOUD, engine, title, "dns_record_lifecycle", config)
