"""The nftables rules of a Cloud Firewall."""

import subprocess
from typing import Any

import pytest

from rehearsal.clouds.linode.firewall_rules import check
from rehearsal.clouds.linode.packet_filter import CLEAR, script
from rehearsal.world import images
from tests.rehearsal.clouds.client import rules

ADDRESS = "198.51.100.16"
CLOSED = rules(outbound_policy="DROP", inbound=[], outbound=[])


def rule(**fields: Any) -> dict[str, Any]:
    """A rule that accepts TCP."""
    return {"action": "ACCEPT", "protocol": "TCP", **fields}


def test_inbound_drop_without_rules_accepts_answers_only() -> None:
    text = script(ADDRESS, CLOSED)
    assert text.startswith(CLEAR)
    inbound = text.split("chain inbound {")[1].split("}")[0].split("\n")
    assert [line.strip() for line in inbound if line.strip()] == [
        "type filter hook prerouting priority -150; policy accept;",
        "ip daddr != 198.51.100.16 accept",
        "ct state established,related accept",
        "drop",
    ]


@pytest.mark.parametrize(
    ("added", "lines"),
    [
        (
            rule(ports="22, 8000-8010", addresses={"ipv4": ["192.0.2.0/24", "10.0.0.0/8"]}),
            [
                "tcp dport { 22, 8000-8010 } ip saddr 192.0.2.0/24 accept",
                "tcp dport { 22, 8000-8010 } ip saddr 10.0.0.0/8 accept",
            ],
        ),
        (rule(protocol="UDP"), ["meta l4proto udp ip saddr 0.0.0.0/0 accept"]),
        (rule(action="DROP"), ["meta l4proto tcp ip saddr 0.0.0.0/0 drop"]),
        (rule(addresses={"ipv6": ["::/0"]}), []),
    ],
)
def test_a_rule_becomes_one_line_for_each_network(added: dict[str, Any], lines: list[str]) -> None:
    text = script(ADDRESS, {**CLOSED, "inbound": [added]})
    bare = script(ADDRESS, CLOSED)
    assert [line.strip() for line in text.split("\n") if line not in bare.split("\n")] == lines


@pytest.mark.world
def test_nft_accepts_the_script() -> None:
    command = ["docker", "run", "--rm", "--interactive", "--cap-add", "NET_ADMIN"]
    command += ["--entrypoint", "nft", images.server().tag, "--check", "--file", "-"]
    subprocess.run(command, input=script(ADDRESS, check(rules())), text=True, check=True)
