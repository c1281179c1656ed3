"""A Cloud Firewall becomes a packet filter, before every server that it is attached to."""

import subprocess
from typing import Any

import pytest

from rehearsal.clouds.linode.firewall_rules import check
from rehearsal.clouds.linode.packet_filter import CLEAR, script
from tests.rehearsal.clouds.client import Desk, desk, instance, rules
from tests.rehearsal.clouds.servers import HandServers

FIREWALLS = "/v4/networking/firewalls"
DROPPED = rules(outbound_policy="DROP", inbound=[], outbound=[])


def rule(**wanted: Any) -> dict[str, Any]:
    """A rule that accepts TCP."""
    return {"action": "ACCEPT", "protocol": "TCP", **wanted}


def test_inbound_drop_without_rules_leaves_only_answers() -> None:
    text = script("198.51.100.16", DROPPED)
    assert text.startswith(CLEAR)
    inbound = text.split("chain inbound {")[1].split("}")[0].split("\n")
    assert [line.strip() for line in inbound if line.strip()] == [
        "type filter hook prerouting priority -150; policy accept;",
        "ip daddr != 198.51.100.16 accept",
        "ct state established,related accept",
        "drop",
    ]


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        (
            rule(ports="22, 8000-8010", addresses={"ipv4": ["192.0.2.0/24", "10.0.0.0/8"]}),
            [
                "tcp dport { 22, 8000-8010 } ip saddr 192.0.2.0/24 accept",
                "tcp dport { 22, 8000-8010 } ip saddr 10.0.0.0/8 accept",
            ],
        ),
        (rule(protocol="UDP"), ["meta l4proto udp ip saddr 0.0.0.0/0 accept"]),
        (rule(protocol="ICMP", action="DROP"), ["ip protocol icmp ip saddr 0.0.0.0/0 drop"]),
        (rule(addresses={"ipv6": ["::/0"]}), []),
    ],
)
def test_a_rule_becomes_lines(wanted: dict[str, Any], lines: list[str]) -> None:
    text = script("198.51.100.16", {**DROPPED, "inbound": [wanted]})
    bare = script("198.51.100.16", DROPPED)
    added = [line.strip() for line in text.split("\n") if line not in bare.split("\n")]
    assert added == lines


@pytest.mark.world
def test_nft_reads_it() -> None:
    text = script("198.51.100.16", check(rules()))
    words = ["docker", "run", "--rm", "--interactive", "--cap-add", "NET_ADMIN", "--entrypoint"]
    words += ["nft", "fks-rehearsal/server", "--check", "--file", "-"]
    subprocess.run(words, input=text, text=True, check=True)


def made(servers: HandServers) -> tuple[Desk, int, int]:
    """Clouds with a firewall and an instance behind it; their ids."""
    here = desk(hypervisor=servers)
    firewall = here.linode.post(FIREWALLS, json={"label": "fw-1", "rules": rules()}).json()["id"]
    body = instance(firewall_id=firewall)
    return here, firewall, here.linode.post("/v4/linode/instances", json=body).json()["id"]


def test_the_filter_is_there_before_the_server_is_made() -> None:
    servers = HandServers()
    _, _, number = made(servers)
    assert servers.asked == [("create", number)]
    assert "tcp dport { 22 } ip saddr 192.0.2.0/24 accept" in servers.rulesets[number]


def test_the_filter_follows_every_change_of_the_firewall() -> None:
    servers = HandServers()
    here, firewall, number = made(servers)
    path = f"{FIREWALLS}/{firewall}"
    here.linode.put(f"{path}/rules", json=DROPPED)
    assert "dport" not in servers.rulesets[number]
    here.linode.put(path, json={"status": "disabled"})
    assert servers.rulesets[number] == CLEAR
    here.linode.put(path, json={"status": "enabled"})
    assert servers.rulesets[number] != CLEAR
    device = here.linode.get(f"{path}/devices").json()["data"][0]["id"]
    here.linode.delete(f"{path}/devices/{device}")
    assert servers.rulesets[number] == CLEAR
    here.linode.post(f"{path}/devices", json={"id": number, "type": "linode"})
    assert servers.rulesets[number] != CLEAR
    here.linode.delete(path)
    assert servers.rulesets[number] == CLEAR
