"""The rules of a tailnet's policy: grants, and the older acls."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

EVERYBODY = frozenset({"*", "autogroup:danger-all"})
_ALL_PORTS = (0, 65535)
_LENGTH = 160


@dataclass(frozen=True, kw_only=True)
class Ports:
    """A range of ports of one protocol; an empty protocol means all."""

    protocol: str
    first: int
    last: int

    def includes(self, port: int) -> bool:
        """Whether a TCP port is in the range."""
        return self.protocol in ("", "*", "tcp", "6") and self.first <= port <= self.last

    def within(self, ports: frozenset[int]) -> bool:
        """Whether the range includes no other ports than these."""
        size = self.last - self.first + 1
        return size <= len(ports) and all(
            number in ports for number in range(self.first, self.last + 1)
        )


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One source may connect to one target. `place` is the rule's path in the policy, `text` the
    rule itself, shortened.
    """

    place: str
    text: str
    source: str
    target: str
    ports: tuple[Ports, ...]

    def covers(self, source: str, target: str, port: int) -> bool:
        """Whether it lets a tagged machine or a user connect to a TCP port of a tag."""
        return (
            self.source in {source, *EVERYBODY}
            and self.target in {target, "*"}
            and any(ports.includes(port) for ports in self.ports)
        )


def rules(policy: Mapping[str, Any]) -> Iterator[Rule]:
    """Every pair of source and target; a grant with only applications opens no port."""
    for number, grant in enumerate(policy.get("grants") or ()):
        ports = tuple(_ports(text) for text in grant.get("ip") or ())
        if ports:
            targets = [(target, ports) for target in grant.get("dst") or ()]
            yield from _pairs(f"grants[{number}]", grant, targets)
    for number, rule in enumerate(policy.get("acls") or ()):
        protocol = str(rule.get("proto") or "").lower()
        texts = rule.get("dst") or rule.get("ports") or ()
        yield from _pairs(f"acls[{number}]", rule, [_acl(text, protocol) for text in texts])


def _pairs(
    place: str, rule: Mapping[str, Any], targets: list[tuple[str, tuple[Ports, ...]]]
) -> Iterator[Rule]:
    text = json.dumps(rule)
    shown = text if len(text) <= _LENGTH else f"{text[:_LENGTH]}..."
    for source in rule.get("src") or rule.get("users") or ():
        for target, ports in targets:
            yield Rule(place=place, text=shown, source=source, target=target, ports=ports)


def _ports(text: str) -> Ports:
    """`*`, `443`, `80-443`, `tcp:443`, `udp:*`."""
    protocol, _, numbers = str(text).lower().rpartition(":")
    first, last = _range(numbers)
    return Ports(protocol=protocol, first=first, last=last)


def _acl(text: str, protocol: str) -> tuple[str, tuple[Ports, ...]]:
    """`tag:web:80,443`, `*:*`."""
    target, _, numbers = str(text).rpartition(":")
    ranges = [_range(number) for number in numbers.split(",")]
    return target, tuple(Ports(protocol=protocol, first=a, last=b) for a, b in ranges)


def _range(text: str) -> tuple[int, int]:
    first, _, last = text.strip().partition("-")
    # An unknown notation counts as every port: a rule too many is reported rather than one missed.
    return (int(first), int(last or first)) if (first + last).isdecimal() else _ALL_PORTS
