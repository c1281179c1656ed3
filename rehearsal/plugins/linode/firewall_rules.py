"""The rules of a firewall: checks, and conversions to and from the API's form."""

from __future__ import annotations

from typing import Any, Final

from rehearsal.plugins.base import Call
from rehearsal.plugins.bridge.framework import check_choice, check_length
from rehearsal.plugins.bridge.names import present
from rehearsal.plugins.values import Values

LABEL: Final = (3, 32)
POLICIES: Final = ("ACCEPT", "DROP")
PROTOCOLS: Final = ("TCP", "UDP", "ICMP", "IPENCAP")


def rules_planned(rules: Any) -> Any:
    """Rules in their form in the state."""
    if not isinstance(rules, list):
        return rules
    return [{"description": "", **present(r)} if isinstance(r, dict) else r for r in rules]


def rules_body(values: Values) -> Values:
    """Rules and policies in the API's form."""
    return {
        "inbound": [_rule_body(rule) for rule in values["inbounds"]],
        "inbound_policy": values["inboundPolicy"],
        "outbound": [_rule_body(rule) for rule in values["outbounds"]],
        "outbound_policy": values["outboundPolicy"],
    }


def _rule_body(rule: Values) -> Values:
    texts = {n: rule.get(n) for n in ("action", "label", "description", "ports", "protocol")}
    addresses = {"ipv4": rule.get("ipv4s"), "ipv6": rule.get("ipv6s")}
    return {
        **{name: value for name, value in texts.items() if value},
        "addresses": {name: value for name, value in addresses.items() if value},
    }


def rule_properties(rule: Any) -> Values:
    """The properties of a rule in the API's form."""
    addresses = rule.get("addresses") or {}
    return present(
        {
            "action": rule["action"],
            "label": rule["label"],
            "description": rule.get("description") or "",
            "ports": rule.get("ports") or None,
            "protocol": rule["protocol"],
            "ipv4s": addresses.get("ipv4") or None,
            "ipv6s": addresses.get("ipv6") or None,
        }
    )


def check_rules(call: Call, news: Values) -> None:
    """Raise `CheckError` for labels of a wrong length and for unknown policies and protocols."""
    check_length(call, "label", "label", news.get("label"), *LABEL)
    for name in ("inbound", "outbound"):
        policy = news.get(f"{name}Policy")
        check_choice(call, f"{name}Policy", f"{name}_policy", policy, POLICIES)
        rules = news.get(f"{name}s")
        for index, rule in enumerate(rules if isinstance(rules, list) else []):
            if isinstance(rule, dict):
                _check_rule(call, rule, f"{name}s[{index}]", f"{name}[{index}]")


def _check_rule(call: Call, rule: Values, path: str, field: str) -> None:
    check_length(call, f"{path}.label", f"{field}.label", rule.get("label"), *LABEL)
    for name, allowed in (("action", POLICIES), ("protocol", PROTOCOLS)):
        check_choice(call, f"{path}.{name}", f"{field}.{name}", rule.get(name), allowed)
