"""Changes beyond the recordings, at least one for each modelled input: update, replace or same.

One run creates all resources and one preview changes them, against the stand-in clouds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from rehearsal.clouds.cloudflare import catalog
from rehearsal.plugins.bridge.fields import Fields
from rehearsal.plugins.cloudflare.dns_record import FIELDS as RECORD_FIELDS
from rehearsal.plugins.linode.bucket import FIELDS as BUCKET_FIELDS
from rehearsal.plugins.linode.firewall import FIELDS as FIREWALL_FIELDS
from rehearsal.plugins.linode.instance_fields import FIELDS as INSTANCE_FIELDS
from rehearsal.plugins.tailscale.tailnet_key import FIELDS as KEY_FIELDS
from tests.contract.conftest import ZONE
from tests.contract.declare import Declared, Resource
from tests.contract.harness import Engine
from tests.contract.recordings_dir import load

pytestmark = pytest.mark.contract

TYPES: Mapping[str, tuple[str, Fields]] = {
    "instance": ("linode:index/instance:Instance", INSTANCE_FIELDS),
    "firewall": ("linode:index/firewall:Firewall", FIREWALL_FIELDS),
    "bucket": ("linode:index/objectStorageBucket:ObjectStorageBucket", BUCKET_FIELDS),
    "record": ("cloudflare:index/dnsRecord:DnsRecord", RECORD_FIELDS),
    "key": ("tailscale:index/tailnetKey:TailnetKey", KEY_FIELDS),
}
RULE = {"action": "ACCEPT", "label": "ssh", "ports": "22", "protocol": "TCP"}
RULES = [{**RULE, "ipv4s": ["0.0.0.0/0"]}, {**RULE, "label": "web", "ipv4s": ["0.0.0.0/0"]}]
USUAL: Mapping[str, dict[str, Any]] = {
    "instance": {
        "authorizedKeys": ["ssh-ed25519 AAAA one@example"],
        "backupsEnabled": False,
        "image": "linode/debian13",
        "region": "ca-central",
        "tags": ["a", "b"],
        "type": "g6-standard-1",
        "watchdogEnabled": True,
    },
    "firewall": {
        "inboundPolicy": "DROP",
        "inbounds": RULES,
        "outboundPolicy": "ACCEPT",
        "outbounds": RULES,
        "tags": ["a"],
    },
    "bucket": {"acl": "private", "region": "us-ord"},
    "record": {
        "comment": "fks",
        "proxied": False,
        "ttl": 300,
        "type": "A",
        "content": "192.0.2.1",
        "zoneId": catalog.zone(ZONE, "")["id"],
    },
    "key": {
        "description": "fks dev",
        "ephemeral": True,
        "expiry": 3600,
        "preauthorized": True,
        "reusable": True,
        "tags": ["tag:fks", "tag:fks-web"],
    },
}
GONE = object()


class Change(NamedTuple):
    """`before` and `after` override the usual inputs; GONE removes one."""

    kind: str
    input: str
    name: str
    verdict: str
    after: Any
    before: Mapping[str, Any] = {}


def _c(kind: str, input: str, name: str, verdict: str, after: Any, **before: Any) -> Change:
    return Change(kind, input, name, verdict, after, before)


PASSWORD = {"__secret__": "Pass-One-1"}
ALERTS = {"cpu": 50, "io": 10000, "networkIn": 10, "networkOut": 10, "transferQuota": 80}
CHANGES = [
    _c("instance", "alerts", "first", "update", ALERTS),
    _c("instance", "alerts", "another", "update", {**ALERTS, "cpu": 70}, alerts=ALERTS),
    _c("instance", "alerts", "left out", "same", GONE, alerts=ALERTS),
    _c("instance", "authorizedKeys", "another key", "replace", ["ssh-ed25519 BBBB two@example"]),
    _c("instance", "authorizedKeys", "left out", "replace", GONE),
    _c("instance", "backupsEnabled", "left out", "same", GONE),
    _c("instance", "firewallId", "first", "replace", 12),
    _c("instance", "image", "another", "replace", "linode/debian12"),
    _c("instance", "interfaceGeneration", "newer", "replace", "linode"),
    _c("instance", "label", "left out", "same", GONE),
    _c("instance", "metadatas", "first", "replace", [{"userData": "I2Nsb3VkLWNvbmZpZwo="}]),
    _c("instance", "migrationType", "written out", "same", "cold"),
    _c("instance", "privateIp", "as it is", "same", False),
    _c("instance", "resizeDisk", "written out", "same", False),
    _c("instance", "region", "another", "update", "us-east"),
    _c("instance", "rootPass", "as it is", "same", PASSWORD, rootPass=PASSWORD),
    _c("instance", "tags", "another order", "same", ["b", "a"]),
    _c("instance", "tags", "one more", "update", ["a", "b", "c"]),
    _c("instance", "tags", "left out", "update", GONE),
    _c("instance", "type", "smaller", "update", "g6-nanode-1"),
    _c("instance", "watchdogEnabled", "left out", "same", GONE),
    _c("firewall", "disabled", "as it is", "same", False),
    _c("firewall", "inboundPolicy", "open", "update", "ACCEPT"),
    _c("firewall", "inbounds", "another order", "update", RULES[::-1]),
    _c(
        "firewall",
        "inbounds",
        "empty description",
        "same",
        [{**r, "description": ""} for r in RULES],
    ),
    _c("firewall", "label", "another", "update", "other-label"),
    _c("firewall", "outboundPolicy", "shut", "update", "DROP"),
    _c("firewall", "outbounds", "left out", "update", GONE),
    _c("firewall", "tags", "left out", "update", GONE),
    _c("bucket", "acl", "left out", "same", GONE),
    _c("bucket", "label", "another", "replace", "another-label"),
    _c("bucket", "region", "another", "replace", "us-east"),
    _c("record", "comment", "left out", "update", GONE),
    _c("record", "content", "another", "update", "192.0.2.7"),
    _c(
        "record", "data", "value", "update", {"flags": 0, "tag": "issue", "value": "other.example"}
    )._replace(
        before={
            "type": "CAA",
            "content": GONE,
            "data": {"flags": 0, "tag": "issue", "value": "ca.example"},
        }
    ),
    _c("record", "name", "another", "update", f"other.{ZONE}"),
    _c("record", "proxied", "left out", "same", GONE),
    _c("record", "ttl", "automatic", "update", 1),
    _c("record", "type", "another", "replace", "CAA"),
    _c("record", "zoneId", "another", "replace", "0" * 32),
    _c("key", "description", "left out", "replace", GONE),
    _c("key", "ephemeral", "left out", "replace", GONE),
    _c("key", "expiry", "left out", "same", GONE),
    _c("key", "preauthorized", "left out", "replace", GONE),
    _c("key", "recreateIfInvalid", "always", "update", "always"),
    _c("key", "reusable", "left out", "replace", GONE),
    _c("key", "tags", "another order", "same", ["tag:fks-web", "tag:fks"]),
    _c("key", "tags", "one less", "replace", ["tag:fks"]),
]


def _id(change: Change) -> str:
    return f"{change.kind}-{change.input}-{change.name}".replace(" ", "-")


def _inputs(number: int, change: Change, more: Mapping[str, Any]) -> dict[str, Any]:
    own: dict[str, Any] = {}
    if change.kind in ("instance", "firewall", "bucket"):
        own = {"label": f"{change.kind}-{number}"}
    if change.kind == "record":
        own = {"name": f"{_id(change).lower()}.{ZONE}"}
    values = {**USUAL[change.kind], **own, **change.before, **more}
    return {name: value for name, value in values.items() if value is not GONE}


def program(*, changed: bool) -> list[Declared]:
    """All resources, before or after their change."""
    return [
        Resource(
            _id(change),
            TYPES[change.kind][0],
            _inputs(number, change, {change.input: change.after} if changed else {}),
        )
        for number, change in enumerate(CHANGES)
    ]


@pytest.fixture(scope="module")
def planned(engine: Engine, clouds: dict[str, str]) -> dict[str, set[str]]:
    """The operations that a preview plans for each resource."""
    stack = engine.stack("cloud-changes", clouds)
    made = stack.run("up", program(changed=False), timeout=120)
    assert not made.failed, made.errors
    plan = stack.run("preview", program(changed=True), timeout=120)
    assert not plan.failed, plan.errors
    found: dict[str, set[str]] = {}
    for event in plan.engine:
        found.setdefault(event["name"], set()).add(event["op"])
    return found


@pytest.mark.parametrize("change", CHANGES, ids=_id)
def test_the_change_is_planned_as_documented(planned: dict[str, set[str]], change: Change) -> None:
    replacing = {"create-replacement", "replace", "delete-replaced"}
    operations = replacing if change.verdict == "replace" else {change.verdict}
    assert planned[_id(change)] == operations


@pytest.mark.parametrize("kind", TYPES)
def test_every_input_has_a_change(kind: str) -> None:
    assert {change.input for change in CHANGES if change.kind == kind} == set(TYPES[kind][1])


@pytest.mark.parametrize("change", [c for c in CHANGES if c.kind == "instance"], ids=_id)
def test_an_instance_is_replaced_exactly_where_its_schema_says_so(change: Change) -> None:
    schema = load("schemas/linode")
    inputs = schema["resources"]["linode:index/instance:Instance"]["inputProperties"]
    flagged = bool(inputs[change.input].get("willReplaceOnChanges"))
    nested = change.input == "metadatas"
    if change.verdict != "same":
        assert (change.verdict == "replace") == (flagged or nested)
