"""The Cloudflare plugin behaves as recorded."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.contract.comparison import Step
from tests.contract.declare import Code, Declared, Resource
from tests.contract.harness import Engine
from tests.contract.recorded_api import Call
from tests.contract.replayed import Replayed
from tests.contract.scenario import UNFINISHED_COROUTINES, Cloud, provider_in_state

pytestmark = [pytest.mark.contract, pytest.mark.filterwarnings(UNFINISHED_COROUTINES)]

RECORD = "cloudflare:index/dnsRecord:DnsRecord"
ZONE = "023e105f4ecef8ad9ca31a8372d0c353"
TOKEN = "0123456789012345678901234567890123456789"
CHANGES = (*("content", "ttl", "name", "proxied", "zone_id", "comment", "comment_removed"),)
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


def elided(steps: list[Step], calls: list[Call]) -> list[Call]:
    """A creation without a recorded answer: the usual answer, with the fields of this request."""
    del steps
    usual = CLOUD.steps("dns_record_lifecycle")[1]["http"][0]["response"]
    answer = copy.deepcopy(usual)
    answer["result"] |= calls[0].body
    return [Call(calls[0].method, calls[0].path, body=calls[0].body, response=answer)]


def config(address: str, **more: Any) -> dict[str, Any]:
    settings = {"baseUrl": f"http://{address}/client/v4", "apiToken": TOKEN, **more}
    return {f"cloudflare:{name}": value for name, value in settings.items() if value}


def credentials(name: str, label: str) -> dict[str, str]:
    """The credentials of a step's calls."""
    del label
    if name == "config_missing":
        return {}
    return {"Authorization": f"Bearer {TOKEN}"}


CLOUD = Cloud(
    name="cloudflare",
    programs={
        **{(f"dns_record_change_{name}", "create"): record() for name in CHANGES},
        ("dns_record_no_ttl", "ttl missing"): [Code("r", record_without_ttl)],
        ("dns_record_proxied_ttl", "proxied with ttl 300"): record(proxied=True),
        ("dns_record_proxied_ttl", "ttl below the minimum (ttl=5), preview"): record(ttl=5),
        ("dns_record_identical_exists", "two resources with the same record"): [
            Resource(
                "r2", RECORD, {n: v for n, v in USUAL.items() if n not in ("comment", "proxied")}
            ),
            Resource("r", RECORD, USUAL, {"depends_on": []}),
        ],
        ("dns_record_api_403", "create"): record(),
        ("config_bad_token_shape", "token 'tok'"): record(),
    },
    config=config,
    configs={
        "config_missing": lambda address: config(address, apiToken=""),
        "config_env": None,
        "config_bad_token_shape": lambda address: config(address, apiToken={"__secret__": "tok"}),
    },
    environments={
        ("config_env", ""): lambda address: {
            "CLOUDFLARE_BASE_URL": f"http://{address}/client/v4",
            "CLOUDFLARE_API_TOKEN": TOKEN,
        }
    },
    elided=elided,
    credentials=credentials,
)


class TestRecordings(Replayed):
    total = 21


def test_the_token_is_always_secret_in_state(engine: Engine) -> None:
    title = "cloudflare, apiToken set without --secret"
    assert not provider_in_state(CLOUD, engine, title, "dns_record_lifecycle", config)
