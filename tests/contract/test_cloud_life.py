"""Resources live through changes, an import and a destroy, against the stand-in clouds."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import urlopen

import pytest

from rehearsal.clouds.cloudflare import catalog
from tests.contract.conftest import ZONE
from tests.contract.declare import Declared, Resource, ref
from tests.contract.harness import STACK, Engine, Result, Stack

pytestmark = pytest.mark.contract

INSTANCE = "linode:index/instance:Instance"
FIREWALL = "linode:index/firewall:Firewall"
RECORD = "cloudflare:index/dnsRecord:DnsRecord"
KEY = "tailscale:index/tailnetKey:TailnetKey"
ZONE_ID = catalog.zone(ZONE, "")["id"]
SERVER = {
    "region": "ca-central",
    "type": "g6-nanode-1",
    "image": "linode/debian13",
    "label": "life-web",
    "authorizedKeys": ["ssh-ed25519 AAAA one@example"],
    "interfaceGeneration": "legacy_config",
    "metadatas": [{"userData": "I2Nsb3VkLWNvbmZpZwo="}],
    "tags": ["a", "b"],
}
WALL = {
    "label": "life-wall",
    "inboundPolicy": "DROP",
    "outboundPolicy": "ACCEPT",
    "inbounds": [
        {
            "action": "ACCEPT",
            "label": "ssh",
            "ports": "22",
            "protocol": "TCP",
            "ipv4s": ["192.0.2.0/24"],
        }
    ],
}
NAME = {
    "zoneId": ZONE_ID,
    "name": f"life.{ZONE}",
    "type": "A",
    "content": "100.64.0.9",
    "ttl": 1,
    "proxied": False,
}
# Updates in place, one after the other: after each, a preview must plan nothing.
CHANGES: list[dict[str, Any]] = [
    {"tags": ["b"]},
    {"label": "life-web-2"},
    {"type": "g6-standard-1"},
    {"region": "us-east"},
]


def program(server: dict[str, Any]) -> list[Declared]:
    secret = {"additional_secret_outputs": ["rootPass", "stackscriptData"]}
    return [
        Resource("wall", FIREWALL, WALL),
        Resource("key", KEY, {"tags": ["tag:fks"], "expiry": 3600}),
        Resource("web", INSTANCE, {**server, "firewallId": ref("wall", "id")}, secret),
        Resource("name", RECORD, NAME),
    ]


def operations(result: Result) -> dict[str, str]:
    assert not result.failed, result.errors
    return {event["name"]: event["op"] for event in result.engine}


@pytest.fixture(scope="module")
def living(engine: Engine, clouds: dict[str, str]) -> Stack:
    """A stack with one resource of each type."""
    stack = engine.stack("cloud-life", clouds)
    assert set(operations(stack.run("up", program(SERVER))).values()) == {"create"}
    return stack


def test_a_fresh_stack_has_nothing_to_do_and_no_drift(living: Stack) -> None:
    assert set(operations(living.run("up", program(SERVER))).values()) == {"same"}
    before = living.state()["wall"]["outputs"]
    assert set(operations(living.run("refresh", program(SERVER))).values()) == {"refresh"}
    assert set(operations(living.run("up", program(SERVER))).values()) == {"same"}
    # Attached when the instance was created; in the firewall's state after a refresh.
    server = int(living.state()["web"]["id"])
    assert before["linodes"] == []
    assert living.state()["wall"]["outputs"]["linodes"] == [server]


def test_a_server_changes_in_place_and_keeps_its_addresses(living: Stack) -> None:
    before = living.state()["web"]
    server = dict(SERVER)
    for change in CHANGES:
        server |= change
        assert operations(living.run("up", program(server)))["web"] == "update", change
        assert operations(living.run("preview", program(server)))["web"] == "same", change
        outputs = living.state()["web"]["outputs"]
        assert {name: outputs[name] for name in change} == change
    after = living.state()["web"]
    assert after["id"] == before["id"]
    assert after["outputs"]["ipAddress"] == before["outputs"]["ipAddress"]
    assert after["outputs"]["specs"][0]["memory"] == 2048


def test_existing_resources_can_be_imported(
    living: Stack, engine: Engine, clouds: dict[str, str]
) -> None:
    made = living.state()
    record = f"{ZONE_ID}/{made['name']['id']}"
    imported = engine.stack("cloud-imported", clouds)
    found = imported.run(
        "up",
        [
            Resource("name", RECORD, NAME, {"import_": record, "retain_on_delete": True}),
            Resource(
                "wall",
                FIREWALL,
                WALL,
                {"import_": made["wall"]["id"], "retain_on_delete": True},
            ),
        ],
    )
    assert operations(found) == {"name": "import", "wall": "import"}
    assert imported.state()["name"]["id"] == made["name"]["id"]
    assert set(operations(imported.run("destroy")).values()) == {"delete"}


def test_the_import_command_imports_existing_resources(
    living: Stack, engine: Engine, clouds: dict[str, str]
) -> None:
    made = living.state()
    stack = engine.stack("cloud-import-command", clouds)
    path = {**clouds, "PATH": f"{engine.directory}/bin:/usr/bin:/bin"}
    ids = {"web": made["web"]["id"], "wall": made["wall"]["id"]}
    ids["name"] = f"{ZONE_ID}/{made['name']['id']}"
    for name, id in ids.items():
        command = ["import", made[name]["type"], name, id, "--stack", STACK, "--yes"]
        command += ["--generate-code=false", "--skip-preview", "--protect=false"]
        done = engine.call(stack.directory, command, path, timeout=60)
        assert done.returncode == 0, done.stdout
    imported = stack.state()
    assert {name: item["id"] for name, item in imported.items()} == {
        name: made[name]["id"] for name in ids
    }


def test_destroy_leaves_nothing_in_the_clouds(living: Stack, clouds: dict[str, str]) -> None:
    assert set(operations(living.run("destroy")).values()) == {"delete"}
    assert living.state() == {}
    with urlopen(f"{clouds['LINODE_URL']}/rehearsal/state") as answer:
        remaining = json.load(answer)
    assert not [item for item in remaining["instances"] if item["label"].startswith("life")]
