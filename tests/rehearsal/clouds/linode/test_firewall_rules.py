"""Linode's checks of a firewall's rules."""

from typing import Any

import pytest

from rehearsal.clouds.errors import CloudError
from rehearsal.clouds.linode.firewall_rules import check, check_label
from tests.rehearsal.clouds.client import rules

TCP = {"action": "ACCEPT", "protocol": "TCP"}


def test_valid_rules_are_stored_as_sent_with_a_version() -> None:
    stored = check(rules())
    assert stored["version"] == 1
    assert {key: stored[key] for key in rules()} == rules()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"inbound_policy": "MAYBE"}, "rules.inbound_policy"),
        ({"inbound": [{**TCP, "action": "accept"}]}, "rules.inbound[0].action"),
        ({"inbound": [{**TCP, "protocol": "SCTP"}]}, "rules.inbound[0].protocol"),
        ({"inbound": [{**TCP, "label": "ab"}]}, "rules.inbound[0].label"),
        ({"inbound": [{**TCP, "ports": "70000"}]}, "rules.inbound[0].ports"),
        ({"inbound": [{**TCP, "ports": "90-80"}]}, "rules.inbound[0].ports"),
        (
            {"inbound": [{**TCP, "ports": ",".join(map(str, range(1, 17)))}]},
            "rules.inbound[0].ports",
        ),
        (
            {"outbound": [{**TCP, "addresses": {"ipv4": ["10.0.0.1"]}}]},
            "rules.outbound[0].addresses.ipv4",
        ),
        (
            {"inbound": [{**TCP, "addresses": {"ipv6": ["10.0.0.0/8"]}}]},
            "rules.inbound[0].addresses.ipv6",
        ),
        (
            {"inbound": [{**TCP, "addresses": {"ipv4": ["10.0.0.0/8"] * 256}}]},
            "rules.inbound[0].addresses",
        ),
        ({"inbound": [TCP] * 26}, "rules"),
    ],
)
def test_a_wrong_rule_is_rejected_with_its_path(change: dict[str, Any], field: str) -> None:
    with pytest.raises(CloudError) as caught:
        check(rules(**change))
    assert caught.value.status == 400
    assert caught.value.body["errors"][0]["field"] == field


def test_protocols_without_ports_are_not_modelled() -> None:
    with pytest.raises(CloudError, match=r"501.*not modelled: protocol ICMP"):
        check(rules(inbound=[{**TCP, "protocol": "ICMP"}]))


@pytest.mark.parametrize("label", ["ab", "x" * 33, None])
def test_a_label_outside_linodes_limits_is_rejected(label: Any) -> None:
    with pytest.raises(CloudError, match="Length must be 3-32 characters"):
        check_label(label)
