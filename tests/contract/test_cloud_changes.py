"""Changes that no recording has, one at least for each input: in place, replaced, or none at all.

All resources are made in one run and changed in one preview, against the stand-in clouds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from rehearsal.clouds.cloudflare import catalog
from rehearsal.plugins.bridge.fields import Fields
from rehearsal.plugins.cloudflare.dns_record import FIELDS as RECORD_FIELDS
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
    "record": {
        "comment": "fks",
        "proxied": False,
        "tags": ["a:b"],
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
    """`before` and `after` are inputs beside the usual ones; GONE takes one of those away."""

    kind: str
    input: str
    name: str
    verdict: str
    after: Any
    before: Mapping[str, Any] = {}


def _c(kind: str, input: str, name: str, verdict: str, after: Any, **before: Any) -> Change:
    return Change(kind, input, name, verdict, after, before)


KEYS = USUAL["instance"]["authorizedKeys"]
CHANGES = [
    _c("instance", "alerts", "one threshold", "update", {"cpu": 50}),
    _c("instance", "authorizedKeys", "another key", "replace", ["ssh-ed25519 BBBB two@example"]),
    _c("instance", "authorizedKeys", "none any more", "replace", GONE),
    _c("instance", "authorizedUsers", "first user", "replace", ["one"]),
    _c("instance", "backupId", "first", "replace", 5),
    _c("instance", "backupsEnabled", "left out", "same", GONE),
    _c("instance", "bootConfigLabel", "another", "update", "other"),
    _c("instance", "booted", "as it is", "same", True),
    _c("instance", "diskEncryption", "off", "replace", "disabled"),
    _c("instance", "firewallId", "first", "replace", 12),
    _c("instance", "group", "first", "update", "g"),
    _c("instance", "image", "left out", "replace", GONE, authorizedKeys=GONE),
    _c("instance", "interfaceGeneration", "newer", "replace", "linode"),
    _c("instance", "interfaces", "first", "update", [{"purpose": "public"}]),
    _c("instance", "ipv4s", "reserved", "replace", ["198.51.100.9"]),
    _c("instance", "label", "left out", "same", GONE),
    _c("instance", "maintenancePolicy", "another", "update", "linode/power_off_on"),
    _c("instance", "metadatas", "first", "replace", [{"userData": "I2Nsb3VkLWNvbmZpZwo="}]),
    _c("instance", "migrationType", "warm", "update", "warm"),
    _c("instance", "networkHelper", "on", "replace", True),
    _c("instance", "privateIp", "as it is", "same", False),
    _c("instance", "region", "another", "update", "us-east"),
    _c("instance", "resizeDisk", "on", "update", True),
    _c("instance", "rootPass", "first", "replace", {"__secret__": "Another-Pass-22"}),
    _c("instance", "rootPass", "left out", "replace", GONE, rootPass={"__secret__": "Pass-One-1"}),
    _c("instance", "sharedIpv4s", "first", "update", ["198.51.100.9"]),
    _c("instance", "stackscriptData", "first", "replace", {"__secret__": {"a": "b"}}),
    _c("instance", "stackscriptId", "first", "replace", 7),
    _c("instance", "swapSize", "smaller", "update", 256),
    _c("instance", "tags", "another order", "same", ["b", "a"]),
    _c("instance", "tags", "one more", "update", ["a", "b", "c"]),
    _c("instance", "tags", "left out", "same", GONE),
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
    _c("firewall", "interfaces", "first", "update", [5]),
    _c("firewall", "label", "another", "update", "other-label"),
    _c("firewall", "linodes", "first", "update", [5]),
    _c("firewall", "nodebalancers", "first", "update", [5]),
    _c("firewall", "outboundPolicy", "shut", "update", "DROP"),
    _c("firewall", "outbounds", "left out", "update", GONE),
    _c("firewall", "tags", "left out", "update", GONE),
    _c("record", "comment", "left out", "update", GONE),
    _c("record", "content", "another", "update", "192.0.2.7"),
    _c(
        "record",
        "content",
        "case",
        "same",
        "Target.Example",
        type="CNAME",
        content="target.example",
    ),
    _c(
        "record", "data", "value", "update", {"flags": 0, "tag": "issue", "value": "other.example"}
    )._replace(
        before={
            "type": "CAA",
            "content": GONE,
            "data": {"flags": 0, "tag": "issue", "value": "ca.example"},
        }
    ),
    _c("record", "name", "short", "same", "record-name-short"),
    _c("record", "name", "another", "update", f"other.{ZONE}"),
    _c("record", "priority", "first", "update", 10),
    _c("record", "privateRouting", "on", "update", True),
    _c("record", "proxied", "left out", "same", GONE),
    _c("record", "settings", "on", "update", {"ipv4Only": True}),
    _c("record", "tags", "left out", "same", GONE),
    _c("record", "ttl", "automatic", "update", 1),
    _c("record", "type", "another", "replace", "AAAA"),
    _c("record", "zoneId", "another", "replace", "0" * 32),
    _c("key", "description", "left out", "replace", GONE),
    _c("key", "ephemeral", "left out", "replace", GONE),
    _c("key", "expiry", "left out", "same", GONE),
    _c("key", "preauthorized", "left out", "replace", GONE),
    _c("key", "recreateIfInvalid", "always", "update", "always"),
    _c("key", "reusable", "left out", "replace", GONE),
    _c("key", "tags", "another order", "same", ["tag:fks-web", "tag:fks"]),
    _c("key", "tags", "one less", "replace", ["tag:fks"]),
    _c("key", "userId", "another", "replace", "u2CNTRL"),
]


def _id(change: Change) -> str:
    return f"{change.kind}-{change.input}-{change.name}".replace(" ", "-")


def _inputs(number: int, change: Change, more: Mapping[str, Any]) -> dict[str, Any]:
    own: dict[str, Any] = {}
    if change.kind in ("instance", "firewall"):
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
    """The operations that a preview plans for each changed resource."""
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
def test_the_change_means_what_the_schema_and_the_recordings_say(
    planned: dict[str, set[str]], change: Change
) -> None:
    replacing = {"create-replacement", "replace", "delete-replaced"}
    operations = replacing if change.verdict == "replace" else {change.verdict}
    assert planned[_id(change)] == operations


@pytest.mark.parametrize("kind", TYPES)
def test_every_input_has_a_change(kind: str) -> None:
    assert {change.input for change in CHANGES if change.kind == kind} == set(TYPES[kind][1])


@pytest.mark.parametrize("change", [c for c in CHANGES if c.kind == "instance"], ids=_id)
def test_an_instance_is_replaced_just_where_its_schema_says_so(change: Change) -> None:
    schema = load("schemas/linode")
    inputs = schema["resources"]["linode:index/instance:Instance"]["inputProperties"]
    flagged = bool(inputs[change.input].get("willReplaceOnChanges"))
    nested = change.input == "metadatas"
    if change.verdict != "same":
        assert (change.verdict == "replace") == (flagged or nested)
