"""A policy's rules: grants and acls."""

from typing import Any

import pytest

from fks_infra.doctor.policy_rules import rules


def reach(policy: dict[str, Any], port: int = 443) -> list[tuple[str, str]]:
    """The pairs whose TCP port is open."""
    return [(r.source, r.target) for r in rules(policy) if any(p.includes(port) for p in r.ports)]


@pytest.mark.parametrize("ip", ["*", "443", "tcp:443", "tcp:*", "80-443", "tcp:400-500", "*:*"])
def test_a_grants_ports_include_a_port(ip: str) -> None:
    grant = {"src": ["a", "b"], "dst": ["tag:x"], "ip": [ip]}
    assert reach({"grants": [grant]}) == [("a", "tag:x"), ("b", "tag:x")]


@pytest.mark.parametrize("ip", ["udp:443", "tcp:22", "444-500", "icmp:*"])
def test_a_grants_ports_do_not_include_a_port(ip: str) -> None:
    assert reach({"grants": [{"src": ["a"], "dst": ["tag:x"], "ip": [ip]}]}) == []


def test_a_grant_of_applications_opens_no_port() -> None:
    grant = {"src": ["a"], "dst": ["tag:x"], "app": {"example.com/cap": [{}]}}
    assert list(rules({"grants": [grant]})) == []


def test_an_acl_has_its_ports_after_the_target() -> None:
    acl = {"action": "accept", "src": ["a"], "dst": ["tag:x:80,443", "*:22", "10.0.0.1:*"]}
    assert reach({"acls": [acl]}) == [("a", "tag:x"), ("a", "10.0.0.1")]
    assert reach({"acls": [acl]}, 22) == [("a", "*"), ("a", "10.0.0.1")]
    assert reach({"acls": [{**acl, "proto": "udp"}]}) == []


def test_the_oldest_names_of_an_acls_parts_are_read() -> None:
    acl = {"action": "accept", "users": ["a"], "ports": ["*:*"]}
    assert reach({"acls": [acl]}) == [("a", "*")]


def test_an_unknown_notation_is_every_port() -> None:
    assert reach({"grants": [{"src": ["a"], "dst": ["b"], "ip": ["odd"]}]}) == [("a", "b")]


def test_a_rule_has_its_path_and_is_shortened() -> None:
    grants = [{"src": ["a"], "dst": ["b"], "ip": ["1"]}, {"src": ["x" * 400], "dst": ["b"]}]
    grants[1]["ip"] = ["*"]
    first, second = rules({"grants": grants})
    assert (first.place, second.place) == ("grants[0]", "grants[1]")
    assert len(second.text) < 200
